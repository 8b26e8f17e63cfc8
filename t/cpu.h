/* cpu: processor time, for tests of what a hostile input may cost. */
#ifndef T_CPU_H
#define T_CPU_H

#include <time.h>

/* cpu: seconds of processor time this process has used. */
static double
cpu(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

#endif
