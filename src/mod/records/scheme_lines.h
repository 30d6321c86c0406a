/* scheme_lines.h -- a scheme file line by line: words, "quoted text", # comments. For the readers of this module. */
#ifndef KHUE_RECORDS_SCHEME_LINES_H
#define KHUE_RECORDS_SCHEME_LINES_H
#include "mod/records/scheme.h"

struct line { struct reading *r; int number; str words[64]; int n, at; };
/* The next line that says something; false at the end of the text. */
bool line_next(struct line *l, str *text);
/* The next word, or empty. A helper that finds something else records a mistake and answers a value that is safe. */
str  line_word(struct line *l);
bool line_is(struct line *l, const char *word);          /* takes the word when it is this one              */
str  line_text(struct line *l, const char *what);
str  line_code(struct line *l, const char *what);        /* small letters, digits, _ and -                  */
struct words line_words(struct line *l);                 /* code "vi" "en"                                  */
int  line_number(struct line *l, int least, int most);
int32_t line_mark(struct line *l);                       /* 6.5 as 650                                      */
int  line_year(struct line *l);                          /* 2021-2022 as 2021                               */
bool line_grades(struct line *l, int *first, int *last); /* 6-9                                             */
str  line_article(struct line *l);                       /* article "…", or empty                           */
int  line_one_of(struct line *l, const struct words *list, int n, const char *vi, const char *en);
void line_end(struct line *l);
void line_bad(struct line *l, const char *vi, const char *en, str what);
bool line_room(struct line *l, int n, int most);         /* n < most, or a mistake                          */
#endif
