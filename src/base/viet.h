/* viet.h -- Vietnamese text: normal form, folding, order of names, legacy encodings. ICU does the Unicode work.
 * Every function is pure; results live in the arena. */
#ifndef KHUE_VIET_H
#define KHUE_VIET_H
#include "base/base.h"

/* NFC, with U+00D0 (Ð) read as Đ when it stands in a Vietnamese word, tone marks left where the writer put
 * them, direction marks (Bidi_Control) dropped, control characters other than \n and \t refused. False: not valid
 * UTF-8 or refused; *ret untouched. */
bool viet_clean(struct arena *a, str s, str *ret);
/* A name that people can see and type: a letter at least; nothing invisible (zero width, direction, control,
 * fillers), no pictures (emoji), nothing of private use. Letters of any script with their marks, digits and
 * punctuation stay. */
bool viet_is_name(str s);
/* Folded for search: lower case, no marks, đ -> d, runs of white space as one blank. "Hoà Bình" -> "hoa binh". */
str  viet_fold(struct arena *a, str s);
/* Folded, with the apostrophe or hyphen between two letters as a blank: "H'Linh Niê" -> "h linh nie". How names are
 * looked for: whoever types another apostrophe, a hyphen, a blank or nothing there finds the same. */
str  viet_words(struct arena *a, str s);
/* Of such words, those parts joined again, and a letter that stands alone to the word behind it: "hlinh nie". s: as it
 * was written. Empty when nothing joins. */
str  viet_joined(struct arena *a, str s);
/* In capitals, as titles and names of authorities stand on documents: "Trường" -> "TRƯỜNG". */
str  viet_upper(struct arena *a, str s);
/* A key whose bytewise order is the Vietnamese alphabetical order (a à ả ã á ạ ă â ... ; ICU "vi"). */
str  viet_key(struct arena *a, str s);
/* The same for a person's name: given name first, then family and middle names. */
str  viet_name_key(struct arena *a, str name);
/* Of one of its parts (below): viet_name_key is given, family, middle, each closed by a zero. For whoever keeps the
 * keys of parts, which repeat. */
str  viet_part_key(struct arena *a, str part);
/* "Nguyễn Thị Minh Hạnh" -> family "Nguyễn", middle "Thị Minh", given "Hạnh". One word: given only. */
void viet_name_parts(str name, str *family, str *middle, str *given);
str  viet_initials(struct arena *a, str name);       /* "nguyen van an" style initials: nva            */
/* True for one Vietnamese syllable, in NFC, any case: onset, nucleus and coda of the language, at most one tone. */
bool viet_is_syllable(str word);
/* Tone marks moved to the modern position (hoà, not hòa), only to compare or join names, never to store. */
str  viet_same_tone(struct arena *a, str s);
/* The numbers are stored with each import: new ones stand at the end. */
enum viet_encoding { VIET_UNICODE, VIET_UNICODE_SPLIT, VIET_TCVN3, VIET_VNI, VIET_1258 };
/* Guesses the encoding of a sample of cells (TCVN3 = .VnTime fonts, VNI, Windows-1258); `n` samples. */
enum viet_encoding viet_guess(const str *samples, int n);
/* Converts text read as Latin-1/Windows-1252 code points from a legacy encoding to NFC. */
str  viet_from(struct arena *a, enum viet_encoding from, str s);
/* A slug for addresses: "THCS Nguyễn Du" -> "thcs-nguyen-du". */
str  viet_slug(struct arena *a, str s);
#endif
