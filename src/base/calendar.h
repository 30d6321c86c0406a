/* calendar.h -- dates, times and numbers as people in Viet Nam write them. The zone is UTC+7, without summer time. */
#ifndef KHUE_CALENDAR_H
#define KHUE_CALENDAR_H
#include "base/base.h"

struct ymd { int y, m, d; };                         /* 1 <= m <= 12, 1 <= d <= 31                     */
bool       day_of(int y, int m, int d, day *ret);    /* false for a date that does not exist           */
struct ymd day_ymd(day d);
int        day_week(day d);                          /* 1 Monday .. 7 Sunday                           */
/* Sunday, or a public holiday on a fixed date: 1 January, 30 April, 1 May, 2 September (Labour Code 45/2019/QH14
 * Art. 112).
 * Lunar New Year and the Kings' day are not among them: their dates are decided year by year. */
bool       day_off(day d);
/* Reads 05/09/2014, 5/9/14, 5-9-2014, 5.9.2014, 05092014 and ISO 2014-09-05; day before month always.
 * Two-digit years: 00..(pivot year's two digits + 10) is 20yy, others 19yy, pivot = `around`. */
bool       day_read(str s, day around, day *ret);
str        day_text(struct arena *a, day d);         /* 05/09/2014; NO_DAY: empty                      */
str        day_iso(struct arena *a, day d);          /* 2014-09-05; NO_DAY: empty                      */
day        day_at(instant t);                        /* the date in Viet Nam at an instant             */
bool       instant_read(str s, instant *ret);        /* ISO 8601 with zone, or local dd/mm/yyyy hh:mm  */
str        instant_text(struct arena *a, instant t); /* 14:32 05/09/2014, Viet Nam time                */
str        instant_iso(struct arena *a, instant t);  /* 2014-09-05T14:32:00+07:00                      */
instant    instant_now(void);                        /* the wall clock: only main and ctx call this     */
/* Marks: comma or dot, at most two decimals, e.g. 7,5 or 7.5 -> 750. No rounding: 7,555 is refused. */
bool       score_read(str s, score *ret);
str        score_text(struct arena *a, score v);     /* 7,5                                            */
str        score_json(struct arena *a, score v);     /* 7.5                                            */
str        score_tenths(struct arena *a, score v, char point);   /* 7,0: always a decimal place           */
bool       money_read(str s, money *ret);            /* 594.000, 594000, 594.000 đ                      */
str        money_text(struct arena *a, money v);     /* 594.000 đ                                      */
str        int_text(struct arena *a, int64_t v);     /* 268.450                                        */
#endif
