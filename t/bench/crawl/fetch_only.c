/*
 * fetch_only: fetches URLs with libcurl's multi interface, 8 in flight, and
 * throws the bytes away: the floor under any crawler.
 * usage: fetch_only HOST:PORT:ADDRESS:PORT < urls
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IN_FLIGHT 8

static long long bytes;
static long pages;

static size_t
count(char *p, size_t size, size_t n, void *user)
{
	(void)p;
	(void)user;
	bytes += (long long)(size * n);
	return size * n;
}

/* Gives the handle the next URL of stdin; 0 when there is none left. */
static int
next_url(CURLM *multi, CURL *easy)
{
	char line[4096];

	if (fgets(line, sizeof(line), stdin) == NULL)
		return 0;
	line[strcspn(line, "\n")] = '\0';
	curl_easy_setopt(easy, CURLOPT_URL, line);
	curl_multi_add_handle(multi, easy);
	return 1;
}

static int
reap(CURLM *multi)
{
	int left, ended = 0;
	CURLMsg *m;

	while ((m = curl_multi_info_read(multi, &left)) != NULL) {
		CURL *easy = m->easy_handle;

		if (m->msg != CURLMSG_DONE)
			continue;
		pages += m->data.result == CURLE_OK;
		curl_multi_remove_handle(multi, easy);
		if (!next_url(multi, easy)) {
			curl_easy_cleanup(easy);
			ended++;
		}
	}
	return ended;
}

int
main(int argc, char **argv)
{
	struct curl_slist *to = NULL;
	int running, active = 0, i;
	CURLM *multi;

	if (argc != 2) {
		fprintf(stderr,
		    "usage: fetch_only HOST:PORT:ADDRESS:PORT < urls\n");
		return 2;
	}
	curl_global_init(CURL_GLOBAL_ALL);
	to = curl_slist_append(to, argv[1]);
	multi = curl_multi_init();
	for (i = 0; i < IN_FLIGHT; i++) {
		CURL *easy = curl_easy_init();

		curl_easy_setopt(easy, CURLOPT_CONNECT_TO, to);
		curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, count);
		curl_easy_setopt(easy, CURLOPT_PROXY, "");
		if (next_url(multi, easy))
			active++;
		else
			curl_easy_cleanup(easy);
	}
	while (active > 0) {
		curl_multi_perform(multi, &running);
		active -= reap(multi);
		if (active > 0)
			curl_multi_poll(multi, NULL, 0, 100, NULL);
	}
	printf("pages %ld bytes %lld\n", pages, bytes);
	curl_slist_free_all(to);
	curl_multi_cleanup(multi);
	return 0;
}
