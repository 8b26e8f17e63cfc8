/* charset: a page reads the same whatever encoding it is sent in. */
#include "t/tap.h"

#include "worker/extract/charset.h"

#include <iconv.h>
#include <stdbool.h>
#include <string.h>

static struct arena a;

#define JA "これはテストの文章です。日本語の自動判別が動くか確かめます。"
#define KO "이것은 한국어 문장입니다. 인코딩을 알아내는지 확인합니다."
#define ZH "这是一个用来测试编码自动识别的中文段落，看看程序能不能判断。"
#define RU "Съешь ещё этих мягких французских булок да выпей чаю."
#define FR "Voici un été naïf à Besançon, où l'œuvre fut créée."

/* encode: UTF-8 text in another encoding. */
static char *
encode(const char *text, const char *to, size_t *len)
{
	char *in = (char *)text, *out, *p;
	size_t left = strlen(text), room = left * 4;
	iconv_t cd = iconv_open(to, "UTF-8");

	out = p = arena_alloc(&a, room + 1);
	if (cd == (iconv_t)-1 ||
	    iconv(cd, &in, &left, &p, &room) == (size_t)-1) {
		printf("Bail out! iconv cannot make %s\n", to);
		exit(1);
	}
	iconv_close(cd);
	*len = (size_t)(p - out);
	return out;
}

/* read_as: bytes decoded by what is found; the name goes to *name. */
static const char *
read_as(const char *type, const char *bytes, size_t len, const char **name,
    bool *bad)
{
	size_t n;
	char *text;

	*name = charset_find(type, bytes, len);
	text = charset_decode(&a, *name, bytes, len, &n, bad);
	text[n] = '\0';
	return text;
}

static void
sniffs(const char *text, const char *iconv_name, const char *want)
{
	const char *bytes, *name, *got;
	size_t len;
	bool bad;

	bytes = encode(text, iconv_name, &len);
	got = read_as(NULL, bytes, len, &name, &bad);
	is(name, want, "a page that does not say is recognized");
	is(got, text, "and its text is right");
}

static void
sniffing(void)
{
	sniffs(JA, "CP932", "Shift_JIS");
	sniffs(JA, "EUC-JP", "EUC-JP");
	sniffs(KO, "UHC", "EUC-KR");
	sniffs(ZH, "GB18030", "GB18030");
	sniffs(RU, "CP1251", "windows-1251");
	sniffs(RU, "KOI8-R", "KOI8-R");
	sniffs(FR, "CP1252", "windows-1252");
	sniffs(FR, "UTF-8", "UTF-8");
	sniffs("<p>" RU, "UTF-16LE", "UTF-16LE");
}

static void
says(const char *type, const char *head, const char *iconv_name,
    const char *want, const char *test)
{
	char text[1000];
	const char *bytes, *name, *got;
	size_t len;
	bool bad;

	snprintf(text, sizeof(text), "%s%s", head, RU);
	bytes = encode(text, iconv_name, &len);
	got = read_as(type, bytes, len, &name, &bad);
	is(name, want, test);
	ok(strstr(got, RU) != NULL && !bad, "and its text is right");
}

static void
declared(void)
{
	says("text/html; charset=koi8-r", "", "KOI8-R", "KOI8-R",
	    "the HTTP header names the encoding");
	says("text/html; charset=\"Windows-1251\"", "<meta charset=koi8-r>",
	    "CP1251", "windows-1251", "the header beats the meta");
	says("text/html", "<html><head><meta charset='cp1251'>", "CP1251",
	    "windows-1251", "a meta charset");
	says(NULL,
	    "<!-- <meta charset=big5> --><META http-equiv=\"Content-Type\" "
	    "content=\"text/html; charset=koi8-r\">",
	    "KOI8-R", "KOI8-R", "a meta http-equiv, but none in a comment");
	says(NULL, "<?xml version=\"1.0\" encoding=\"windows-1251\"?>",
	    "CP1251", "windows-1251", "an XML declaration");
	says("text/html; charset=iso-8859-1", "", "UTF-8", "UTF-8",
	    "a server's default is not believed against good UTF-8");
	says(NULL, "<meta charset=gb2312>", "UTF-8", "UTF-8",
	    "nor is a template's");
	says("text/html; charset=nonsense", "", "CP1251", "windows-1251",
	    "an unknown label is no label");
}

static void
labelled(void)
{
	static const char *const pairs[][2] = {
	    {"\n csisolatin5\t", "windows-1254"}, {"x-x-big5", "Big5"},
	    {"ISO_8859-8:1988", "ISO-8859-8"}, {"logical", "ISO-8859-8-I"},
	    {"sun_eu_greek", "ISO-8859-7"},
	    {"x-mac-ukrainian", "x-mac-cyrillic"}, {"ms932", "Shift_JIS"},
	    {"csgb2312", "GBK"}, {"hz-gb-2312", "replacement"},
	    {"ks_c_5601-1989", "EUC-KR"}, {"unicodefeff", "UTF-16LE"}};
	const char *name;
	bool bad;

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		char header[100];

		snprintf(header, sizeof(header), "text/html; charset=\"%s\"",
		    pairs[i][0]);
		is(charset_find(header, "<p>", 3), pairs[i][1],
		    "every label of the standard is known, spaces aside");
	}
	is(read_as("text/html; charset=iso-2022-kr", "<b>a", 4, &name, &bad),
	    "\xef\xbf\xbd", "what no browser decodes is not read");
	is(read_as(
	       "text/html;charset=x-user-defined", "a\x80\xff", 3, &name, &bad),
	    "a\xef\x9e\x80\xef\x9f\xbf", "bytes of the page's own making");
	is(charset_find(NULL, "<meta charset=x-user-defined>\xe9", 30),
	    "windows-1252", "which no meta can ask for");
	is(charset_find(NULL, "<meta charset=utf-16>\xe9", 22), "UTF-8",
	    "a meta that can be read is not in UTF-16");
	is(charset_find(NULL, "<meta charset=no><meta charset=koi8-r>\xe9", 39),
	    "KOI8-R", "a label nobody knows is passed over");
	is(charset_find(NULL, "<p title='<meta charset=big5>'>\xe9 a", 34),
	    "windows-1252", "a meta in an attribute is none");
	is(charset_find(NULL,
	       "<meta name=x content='text/html; charset=big5'>\xe9 a", 50),
	    "windows-1252", "nor is one about something else");
	is(read_as("text/html; charset=utf-8", "a\r\nb\rc\n", 7, &name, &bad),
	    "a\nb\nc\n", "all ends of lines are line feeds");
}

static void
marks(void)
{
	static const char bom8[] = "\xef\xbb\xbf<p>x";
	static const char bom16[] = "\xff\xfe<\0p\0>\0x\0";
	static const char big[] = "\xfe\xff\0<\0p\0>\0x";
	const char *name;
	bool bad;

	is(read_as("text/html; charset=koi8-r", bom8, 7, &name, &bad), "<p>x",
	    "a byte order mark beats the header, and is no text");
	is(name, "UTF-8", "it says UTF-8");
	is(read_as(NULL, bom16, sizeof(bom16) - 1, &name, &bad), "<p>x",
	    "UTF-16 with its mark");
	is(read_as(NULL, big, sizeof(big) - 1, &name, &bad), "<p>x",
	    "the other way round, too");
}

static void
broken(void)
{
	const char *name;
	bool bad;

	is(read_as("text/html; charset=utf-8",
	       "a\xff"
	       "b\xe3\x81",
	       5, &name, &bad),
	    "a\xef\xbf\xbd"
	    "b\xef\xbf\xbd",
	    "what is no UTF-8 becomes a replacement character, as browsers do");
	ok(bad, "and it is told");
	is(read_as("text/html; charset=shift_jis", "a\x81", 2, &name, &bad),
	    "a\xef\xbf\xbd", "half a character at the end");
	is(read_as("text/html; charset=utf-8", "a\0b", 3, &name, &bad), "ab",
	    "a NUL byte is dropped");
	is(read_as(NULL, "", 0, &name, &bad), "", "no bytes, no text");
	is(name, "UTF-8", "in UTF-8");
	is_int((long long)utf8_valid("\xed\xa0\x80", 3), 0,
	    "a surrogate is no UTF-8");
	is_int(
	    (long long)utf8_valid("\xc0\x80", 2), 0, "nor is an overlong form");
	is_int((long long)utf8_valid("abcdefgh\xf0\x9f\x92\xa9", 12), 12,
	    "four bytes are");
}

int
main(void)
{
	arena_init(&a);
	sniffing();
	declared();
	labelled();
	marks();
	broken();
	arena_release(&a);
	return done();
}
