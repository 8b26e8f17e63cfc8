#include "fcgi/datetime.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* Exactly n digits at *p; -1 and *p stays when there are not. */
static int
read_digits(const char **p, int n)
{
	int i, v = 0;

	for (i = 0; i < n; i++) {
		if (!isdigit((unsigned char)(*p)[i]))
			return -1;
		v = v * 10 + ((*p)[i] - '0');
	}
	*p += n;
	return v;
}

static bool
take_char(const char **p, char c)
{
	if (**p != c)
		return false;
	(*p)++;
	return true;
}

static int
days_in(int year, int month)
{
	static const int days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

static bool
take_date(const char **p)
{
	int y, m, d;

	y = read_digits(p, 4);
	if (y < 1 || !take_char(p, '-'))
		return false;
	m = read_digits(p, 2);
	if (m < 1 || m > 12 || !take_char(p, '-'))
		return false;
	d = read_digits(p, 2);
	return d >= 1 && d <= days_in(y, m);
}

static bool
take_time(const char **p)
{
	int h, m, s = 0;

	h = read_digits(p, 2);
	if (h < 0 || h > 23 || !take_char(p, ':'))
		return false;
	m = read_digits(p, 2);
	if (take_char(p, ':')) {
		s = read_digits(p, 2);
		if (s >= 0 && take_char(p, '.')) {
			if (!isdigit((unsigned char)**p))
				return false;
			*p += strspn(*p, "0123456789");
		}
	}
	return m >= 0 && m <= 59 && s >= 0 && s <= 59;
}

/* "Z", "+01:00", "+0100", "+01". */
static bool
take_offset(const char **p)
{
	int h, m = 0;

	if (take_char(p, 'Z') || take_char(p, 'z'))
		return true;
	if (!take_char(p, '+') && !take_char(p, '-'))
		return false;
	h = read_digits(p, 2);
	if (take_char(p, ':') || isdigit((unsigned char)**p))
		m = read_digits(p, 2);
	return h >= 0 && h <= 14 && m >= 0 && m <= 59;
}

const char *
datetime_parse(struct arena *a, const char *s, bool end)
{
	const char *p = s;

	/* What the database would refuse or round is refused here. */
	if (strlen(s) > 40 || !take_date(&p))
		return NULL;
	if (*p == '\0')
		return arena_printf(
		    a, "%sT%s", s, end ? "23:59:59.999999Z" : "00:00:00Z");
	/* '+' of an offset that was not escaped arrives as a space. */
	if ((!take_char(&p, 'T') && !take_char(&p, 't') &&
		!take_char(&p, ' ')) ||
	    !take_time(&p))
		return NULL;
	if (*p == '\0')
		return arena_printf(a, "%sZ", s);
	if (*p == ' ')
		return datetime_parse(
		    a, arena_printf(a, "%.*s+%s", (int)(p - s), s, p + 1), end);
	if (!take_offset(&p) || *p != '\0')
		return NULL;
	return arena_strdup(a, s);
}

const char *
datetime_text(struct arena *a, const char *t)
{
	int y, m, d, h, min;

	if (sscanf(t, "%4d-%2d-%2dT%2d:%2d", &y, &m, &d, &h, &min) != 5 ||
	    m < 1 || m > 12)
		return t;
	return arena_printf(
	    a, "%d %s %d, %02d:%02d UTC", d, months[m - 1], y, h, min);
}

const char *
datetime_span(struct arena *a, double s)
{
	if (s < 5)
		return "a few seconds";
	if (s < 55)
		return arena_printf(
		    a, "about %d seconds", ((int)s + 4) / 5 * 5);
	if (s < 90)
		return "about a minute";
	if (s < 55 * 60)
		return arena_printf(a, "about %d minutes", (int)(s / 60 + 0.5));
	if (s < 90 * 60)
		return "about an hour";
	if (s < 36 * 3600)
		return arena_printf(a, "about %d hours", (int)(s / 3600 + 0.5));
	return arena_printf(a, "about %d days", (int)(s / 86400 + 0.5));
}
