/* chart.h -- charts drawn as SVG, pure: a struct chart in, markup out. The page shows the same numbers in a <table>.
 *
 * Colours and sizes are presentation attributes, never styles, so that a strict style-src holds and a style sheet can
 * still overrule them (classes: chart, chart-grid, chart-s0 .. chart-s5, chart-low). Numbers are integers
 * throughout. */
#ifndef KHUE_CHART_H
#define KHUE_CHART_H
#include "core/decl.h"

enum chart_kind {
	CHART_BAR,       /* one horizontal bar a category and series, under its label, as wide as the page: for names */
	CHART_COLUMN,    /* upright columns, series side by side: for years                                    */
	CHART_HISTOGRAM, /* upright columns without gaps: for distributions                                    */
	CHART_STACKED,   /* upright columns, series on top of each other                                       */
	CHART_LINE,      /* one line a series; CHART_NONE breaks it                                            */
	CHART_SPARK      /* a small line without axes, beside a number                                         */
};
#define CHART_NONE INT64_MIN                                 /* no value: nothing is drawn                     */

struct chart_series { str label; const int64_t *values; };   /* as many values as there are categories         */
struct chart {
	enum chart_kind kind;
	str id;                      /* unique in the page: letters, digits, hyphens                           */
	str title, desc;             /* read aloud instead of the drawing; desc says what the drawing shows    */
	str x_title, y_title;        /* at the axes; may be empty. CHART_BAR has none                          */
	const str *labels; int n;    /* the categories                                                         */
	int every;                   /* write the label of every such category; 0: as many as fit              */
	const struct chart_series *series; int n_series;     /* at most 6                                      */
	int decimals;                /* a value counts units of 10^-decimals: 2 for marks (hundredths), 0..4   */
	int64_t top;                 /* end of the axis of values; 0: a round number above the largest         */
	int low;                     /* the first so many categories are drawn in the colour of marks below 5  */
	int width, height;           /* in px; 0: 640 x 280 (CHART_SPARK: 96 x 24; CHART_BAR: never asked) */
};
/* Values below 0 are drawn as 0. A chart without categories or series is an empty html. */
html chart_draw(struct arena *a, const struct chart *c);
/* A value as an axis writes it: 268.450, or 7,25 with decimals 2. */
str  chart_number(struct arena *a, int64_t v, int decimals);
#endif
