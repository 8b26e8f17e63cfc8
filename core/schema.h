/* schema: the migrations this build carries and the version it needs. */
#ifndef CORE_SCHEMA_H
#define CORE_SCHEMA_H

struct migration {
	int number;         /* from 1, without a gap */
	const char *name;   /* "foundation" */
	const char *sha256; /* hex, of the file's bytes */
	const char *sql;
};

/* migrations: in order, ended by number 0; linked into `platen` only. */
extern const struct migration migrations[];

/* schema_version: the number of the last migration. */
extern const int schema_version;

#endif
