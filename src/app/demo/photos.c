/* photos.c -- photos of some pupils of a class, for their cards: drawn heads, so that nobody is shown. */
#include "app/demo/demo.h"
#include "core/files.h"
#include <cairo.h>
#include <unistd.h>

enum { WIDE = 300, TALL = 400, PHOTOS = 16 };

static cairo_status_t to_file(void *arg, const unsigned char *p, unsigned n)
{
	return write(*(const int *)arg, p, n) == (ssize_t)n ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static void disc(cairo_t *cr, double x, double y, double radius, double r, double g, double b)
{
	cairo_set_source_rgb(cr, r, g, b);
	cairo_arc(cr, x, y, radius, 0, 6.2832);
	cairo_fill(cr);
}

/* A blue wall, a white shirt, the red scarf; long hair for girls. */
static bool draw(int fd, int i, bool girl)
{
	cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDE, TALL);
	cairo_t *cr = cairo_create(s);
	double skin = 0.82 + i % 5 * 0.03, hair = 0.08 + i % 3 * 0.05;

	cairo_set_source_rgb(cr, 0.45, 0.62, 0.85);
	cairo_paint(cr);
	if (girl) {
		cairo_set_source_rgb(cr, hair, hair * 0.8, hair * 0.7);
		cairo_rectangle(cr, 62, 170, 176, 150);
		cairo_fill(cr);
	}
	disc(cr, 150, 440, 140, 0.96, 0.96, 0.96);
	disc(cr, 150, 178, 92, hair, hair * 0.8, hair * 0.7);
	disc(cr, 150, 200, 78, skin, skin * 0.82, skin * 0.68);
	cairo_set_source_rgb(cr, 0.8, 0.1, 0.12);
	cairo_move_to(cr, 92, 308);
	cairo_line_to(cr, 208, 308);
	cairo_line_to(cr, 150, 372);
	cairo_fill(cr);
	disc(cr, 122, 196, 7, 0.12, 0.1, 0.1);
	disc(cr, 178, 196, 7, 0.12, 0.1, 0.1);
	cairo_set_source_rgb(cr, 0.6, 0.25, 0.22);
	cairo_set_line_width(cr, 5);
	cairo_arc(cr, 150, 222, 28, 0.5, 2.64);
	cairo_stroke(cr);
	bool good = cairo_surface_write_to_png_stream(s, to_file, &fd) == CAIRO_STATUS_SUCCESS;
	cairo_destroy(cr);
	cairo_surface_destroy(s);
	return good;
}

static enum rc give_photo(struct ctx *c, person_id who, int i)
{
	struct person p;
	int fd;

	TRY(find(c, &person, who.v, &p));
	TRY(file_temp(c, &fd));
	enum rc rc = !draw(fd, i, p.sex == SEX_FEMALE) ? E_FAULT
		: file_keep(c, p.base.org, S("anh-the.png"), fd, (str){ 0 }, 0, &p.photo);
	close(fd);
	return rc == OK ? update(c, &person, &p) : rc;
}

enum rc demo_photos(struct demo *d)
{
	const struct demo_school *s = d->schools;
	items pupils;

	while (s < d->schools + d->n_schools && (s->kind != LOWER || !s->a_class.v))
		s++;
	if (s == d->schools + d->n_schools)
		return OK;
	TRY(find_all(d->c, &enrolment, &pupils, PHOTOS, IS({ offsetof(struct enrolment, class), v_int(s->a_class.v) })));
	for (int64_t i = 0; i < pupils.n; i++)
		TRY(give_photo(d->c, ((const struct enrolment *)pupils.p)[i].pupil, (int)i));
	return OK;
}
