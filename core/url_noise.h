/*
 * url_noise: parameters that do not name the page (tracking, sessions), for
 * url.c.
 */
#ifndef CORE_URL_NOISE_H
#define CORE_URL_NOISE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * url_is_noise: "name=value" of a query only says where a visitor came from, or
 * is the id of a session.
 */
bool url_is_noise(const char *parameter);

/*
 * url_session_part: bytes of the session at the start of a path's part, as
 * ASP.NET writes it ("(S(lit3py55t21z5v55vlm25s55))"), its "/" included; 0.
 */
size_t url_session_part(const char *part);

#endif
