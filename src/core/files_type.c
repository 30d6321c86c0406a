/* files_type.c -- which files are accepted: the extension and the first bytes must agree. */
#include "core/files.h"

struct kind { const char *ext, *type, *magic; uint8_t size, at; bool text; };
#define M(s) s, sizeof(s) - 1
static const struct kind kinds[] = {
	{ "pdf", "application/pdf", M("%PDF-"), 0, false },
	{ "png", "image/png", M("\x89PNG\r\n\x1A\n"), 0, false },
	{ "jpg", "image/jpeg", M("\xFF\xD8\xFF"), 0, false },
	{ "jpeg", "image/jpeg", M("\xFF\xD8\xFF"), 0, false },
	{ "webp", "image/webp", M("WEBP"), 8, false },
	{ "gif", "image/gif", M("GIF8"), 0, false },
	{ "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", M("PK\3\4"), 0, false },
	{ "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", M("PK\3\4"), 0, false },
	{ "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", M("PK\3\4"), 0, false },
	{ "odt", "application/vnd.oasis.opendocument.text", M("PK\3\4"), 0, false },
	{ "ods", "application/vnd.oasis.opendocument.spreadsheet", M("PK\3\4"), 0, false },
	{ "zip", "application/zip", M("PK\3\4"), 0, false },
	{ "gz", "application/gzip", M("\x1F\x8B"), 0, false },
	{ "xz", "application/x-xz", M("\xFD" "7zXZ"), 0, false },
	{ "doc", "application/msword", M("\xD0\xCF\x11\xE0"), 0, false },
	{ "xls", "application/vnd.ms-excel", M("\xD0\xCF\x11\xE0"), 0, false },
	/* an .xlsx with a password, and workbooks named after the other format: Excel opens them, the readers go by what is
	 * inside and say what is wrong */
	{ "xlsx", "application/vnd.ms-excel", M("\xD0\xCF\x11\xE0"), 0, false },
	{ "xls", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", M("PK\3\4"), 0, false },
	{ "mp4", "video/mp4", M("ftyp"), 4, false },
	{ "mp3", "audio/mpeg", M("ID3"), 0, false },
	{ "csv", "text/csv", M(""), 0, true },
	{ "txt", "text/plain", M(""), 0, true },
	{ "json", "application/json", M(""), 0, true },
	{ "xml", "application/xml", M("<"), 0, true },
	{ "fet", "application/xml", M("<"), 0, true },
};
#undef M

static bool looks_like_text(str head)
{
	bool wide = head.n >= 2 && (memcmp(head.p, "\xFF\xFE", 2) == 0 || memcmp(head.p, "\xFE\xFF", 2) == 0);
	return wide || !memchr(head.p, 0, (size_t)head.n);
}

const char *file_type_of(str name, str head)
{
	ptrdiff_t dot = name.n;
	while (dot > 0 && name.p[dot - 1] != '.')
		dot--;
	str ext = str_sub(name, dot, -1);
	if (dot < 2 || head.n == 0 || ext.n == 0)
		return NULL;
	for (ptrdiff_t i = 0; i < COUNT(kinds); i++) {
		const struct kind *k = &kinds[i];
		if ((size_t)ext.n != strlen(k->ext) || strncasecmp(ext.p, k->ext, (size_t)ext.n) != 0)
			continue;
		str body = head.n >= 3 && k->text && memcmp(head.p, "\xEF\xBB\xBF", 3) == 0 ? str_sub(head, 3, -1) : head;
		if (body.n < k->at + k->size || memcmp(body.p + k->at, k->magic, k->size) != 0)
			continue;
		return !k->text || looks_like_text(head) ? k->type : NULL;
	}
	return NULL;
}

str file_name_clean(struct arena *mem, str name)
{
	struct buf b;
	buf_init(&b, mem, FILE_NAME_MAX + 8);
	for (ptrdiff_t i = name.n; i > 0; i--)
		if (name.p[i - 1] == '/' || name.p[i - 1] == '\\') {
			name = str_sub(name, i, -1);
			break;
		}
	if (!str_is_utf8(name))
		name = S("tep");
	for (ptrdiff_t i = 0; i < name.n && b.n < FILE_NAME_MAX; i++) {
		unsigned char ch = (unsigned char)name.p[i];
		if (ch >= 0x20 && ch != 0x7F && ch != '"')
			put_c(&b, (char)ch);
	}
	while (b.n > 0 && b.n >= FILE_NAME_MAX - 3 && ((unsigned char)b.p[b.n - 1] & 0x80))
		b.n--;
	str s = str_trim(buf_str(&b));
	while (s.n > 0 && s.p[0] == '.')
		s = str_sub(s, 1, -1);
	return s.n ? s : S("tep");
}
