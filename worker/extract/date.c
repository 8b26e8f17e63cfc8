/* date: the forms in which pages write dates. */
#include "worker/extract/meta.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

struct date {
	unsigned year, month, day;
	unsigned hour, minute, second;
	char zone[8]; /* "Z", "+02:00" or "" */
	bool time;
};

/* read_digits: exactly n digits at *s, which moves over them; -1 otherwise. */
static int
read_digits(const char **s, unsigned n)
{
	int v = 0;

	for (unsigned i = 0; i < n; i++) {
		char c = (*s)[i];

		if (c < '0' || c > '9')
			return -1;
		v = v * 10 + (c - '0');
	}
	*s += n;
	return v;
}

/* read_month: 1 to 12 for "Jan" or "january" at *s, which moves over it. */
static int
read_month(const char **s)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (int i = 0; i < 12; i++)
		if (strncasecmp(*s, names + (size_t)i * 3, 3) == 0) {
			while (((**s | 32) >= 'a' && (**s | 32) <= 'z') ||
			       **s == '.')
				(*s)++;
			return i + 1;
		}
	return 0;
}

static void
skip_spaces(const char **s)
{
	while (**s == ' ' || **s == ',')
		(*s)++;
}

/* read_zone: "Z", "+0200", "+02:00", "GMT", "UTC" at s. */
static void
read_zone(struct date *d, const char *s)
{
	int h, m;

	while (*s == ' ')
		s++;
	if ((*s | 32) == 'z' || strncmp(s, "GMT", 3) == 0 ||
	    strncmp(s, "UTC", 3) == 0) {
		memcpy(d->zone, "Z", 2);
		return;
	}
	if (*s != '+' && *s != '-')
		return;
	d->zone[0] = *s++;
	h = read_digits(&s, 2);
	if (*s == ':')
		s++;
	m = read_digits(&s, 2);
	if (h < 0 || h > 14)
		d->zone[0] = '\0';
	else
		snprintf(d->zone + 1, sizeof(d->zone) - 1, "%02u:%02u",
		    (unsigned)h % 100, m < 0 ? 0 : (unsigned)m % 60);
}

/* clock: "T10:00", " 10:00:05.123+02:00" at s; nothing is fine. */
static void
clock_time(struct date *d, const char *s)
{
	int h, m, sec = 0;

	while (*s == ' ' || *s == 'T' || *s == 't' || *s == ',')
		s++;
	h = read_digits(&s, 2);
	if (h < 0 || h > 24 || *s != ':')
		return;
	s++;
	m = read_digits(&s, 2);
	if (m < 0 || m > 59)
		return;
	if (*s == ':') {
		s++;
		sec = read_digits(&s, 2);
		if (sec < 0)
			sec = 0;
	}
	if (*s == '.' || *s == ',')
		do
			s++;
		while (*s >= '0' && *s <= '9');
	d->hour = (unsigned)h;
	d->minute = (unsigned)m;
	d->second = (unsigned)sec;
	d->time = true;
	read_zone(d, s);
}

/* read_iso_date: "2024-05-01...", "2024/05/01", "20240501". */
static bool
read_iso_date(struct date *d, const char *s)
{
	int y, m, day = 1;
	bool packed;

	y = read_digits(&s, 4);
	if (y < 0)
		return false;
	packed = *s >= '0' && *s <= '9';
	if (!packed && *s != '-' && *s != '/' && *s != '.')
		return false;
	s += packed ? 0 : 1;
	m = read_digits(&s, 2);
	if (m < 0)
		return false;
	if (*s == '-' || *s == '/' || *s == '.')
		s++;
	else if (!packed)
		return false;
	day = read_digits(&s, 2);
	if (day < 0)
		return false;
	d->year = (unsigned)y;
	d->month = (unsigned)m;
	d->day = (unsigned)day;
	clock_time(d, s);
	return true;
}

/* day_number: one or two digits; 0 for none. */
static unsigned
day_number(const char **s)
{
	int d = read_digits(s, 2);

	if (d < 0)
		d = read_digits(s, 1);
	return d < 0 ? 0 : (unsigned)d;
}

/* read_worded_date: "Wed, 01 May 2024 10:00:00 GMT", "May 1, 2024", "1 May
 * 2024". */
static bool
read_worded_date(struct date *d, const char *s)
{
	static const char *const days = "montuewedthufrisatsun";
	int y;

	for (int i = 0; i < 7; i++)
		if (strncasecmp(s, days + (size_t)i * 3, 3) == 0) {
			while ((*s | 32) >= 'a' && (*s | 32) <= 'z')
				s++;
			break;
		}
	skip_spaces(&s);
	d->day = day_number(&s);
	if (d->day > 0 && (*s == '-' || *s == '.'))
		s++;
	skip_spaces(&s);
	d->month = (unsigned)read_month(&s);
	if (d->month == 0)
		return false;
	skip_spaces(&s);
	if (*s == '-')
		s++;
	if (d->day == 0) {
		d->day = day_number(&s);
		while ((*s | 32) >= 'a' && (*s | 32) <= 'z')
			s++; /* "1st" */
		skip_spaces(&s);
	}
	y = read_digits(&s, 4);
	if (y < 0)
		return false;
	d->year = (unsigned)y;
	clock_time(d, s);
	return true;
}

static unsigned
days_in(unsigned year, unsigned month)
{
	if (month == 2)
		return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
			   ? 29
			   : 28;
	return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

const char *
meta_date(struct arena *a, const char *s)
{
	struct date d = {0};

	while (*s == ' ')
		s++;
	if (!read_iso_date(&d, s)) {
		d = (struct date){0};
		if (!read_worded_date(&d, s))
			return "";
	}
	if (d.year < 1970 || d.year > 2200 || d.month < 1 || d.month > 12 ||
	    d.day < 1 || d.day > days_in(d.year, d.month))
		return "";
	if (!d.time || d.zone[0] == '\0')
		return arena_printf(
		    a, "%04u-%02u-%02u", d.year, d.month, d.day);
	return arena_printf(a, "%04u-%02u-%02uT%02u:%02u:%02u%s", d.year,
	    d.month, d.day, d.hour, d.minute, d.second, d.zone);
}
