/* rules.c -- what must hold of an organisation. */
#include "mod/org/org_rules.h"
#include "base/contact.h"

static const struct tr
MSG_code = { "Mã định danh gồm chữ cái không dấu, chữ số và dấu gạch nối.",
	"A sector code has letters without marks, digits and hyphens." },
MSG_phone = { "Số điện thoại không đúng. Ví dụ: 0912 345 678 hoặc 0221 3xx xxxx.",
	"Not a telephone number. Example: 0912 345 678." },
MSG_email = { "Địa chỉ thư điện tử không đúng. Ví dụ: truong@tinh.edu.vn.",
	"Not an e-mail address. Example: school@province.edu.vn." },
MSG_levels = { "Chọn ít nhất một cấp học của trường.", "Choose at least one level the school teaches." },
MSG_parent = { "Chọn đơn vị quản lý trực tiếp.", "Choose the unit that manages this one." },
MSG_self = { "Một đơn vị không thể trực thuộc chính nó.", "A unit cannot be under itself." };

static bool code_char(char ch)
{
	return (ch >= '0' && ch <= '9') || ((ch | 32) >= 'a' && (ch | 32) <= 'z') || ch == '-' || ch == '.' || ch == '_';
}

enum rc org_name_ok(struct ctx *c, const void *row)
{
	return visible_name(c, offsetof(struct org, name), ((const struct org *)row)->name);
}

enum rc org_short_name_ok(struct ctx *c, const void *row)
{
	return visible_name(c, offsetof(struct org, short_name), ((const struct org *)row)->short_name);
}

enum rc org_code_ok(struct ctx *c, const void *row)
{
	const struct org *o = row;

	for (ptrdiff_t i = 0; i < o->code.n; i++)
		if (!code_char(o->code.p[i]))
			return FAIL(c, E_INVALID, offsetof(struct org, code), &MSG_code);
	return OK;
}

enum rc org_phone_ok(struct ctx *c, const void *row)
{
	const struct org *o = row;
	return o->phone.n == 0 || phone_ok(o->phone) ? OK : FAIL(c, E_INVALID, offsetof(struct org, phone), &MSG_phone);
}

enum rc org_email_ok(struct ctx *c, const void *row)
{
	const struct org *o = row;
	return o->email.n == 0 || email_ok(o->email) ? OK : FAIL(c, E_INVALID, offsetof(struct org, email), &MSG_email);
}

/* A school teaches something; only the Ministry stands under nothing, and the topmost unit of an installation. */
enum rc org_makes_sense(struct ctx *c, const void *row)
{
	const struct org *o = row;
	enum rc rc = OK;

	if (o->kind == ORG_SCHOOL && !(o->preschool || o->primary_ || o->lower || o->upper || o->continuing))
		rc = FAIL(c, E_INVALID, offsetof(struct org, preschool), &MSG_levels);
	if (o->parent.v == 0 && o->kind != ORG_MINISTRY && o->kind != ORG_DEPARTMENT)
		rc = FAIL(c, E_INVALID, offsetof(struct org, parent), &MSG_parent);
	if (o->parent.v != 0 && o->parent.v == o->base.id)
		rc = FAIL(c, E_INVALID, offsetof(struct org, parent), &MSG_self);
	return rc;
}

/* The name in addresses: from the short name, with a number behind it when taken. Once given it stays. */
enum rc org_slug(struct ctx *c, void *row)
{
	struct org *o = row;
	struct { str slug; } in;
	static const struct field fields[] = { { .name = "slug", .at = 0, .type = T_TEXT, .max = 80 }, END };
	static const struct shape shape = { sizeof in, fields };
	str base = viet_slug(c->mem, o->short_name.n ? o->short_name : o->name);

	base = str_sub(base.n ? base : S("don-vi"), 0, 50);
	in.slug = base;
	for (int i = 2; i < 1000; i++) {
		int64_t taken = 0;
		TRY(query_int(c, "org/slug_taken", &shape, &in, &taken));
		if (!taken)
			break;
		in.slug = TEXT(c, "%.*s-%d", FMT(base), i);
	}
	o->slug = in.slug;
	return OK;
}

/* The row owns itself, and stands in the tree before its right is asked, for that right is over the tree. */
enum rc org_before(struct ctx *c, void *row)
{
	struct org *o = row;

	if (o->base.rev > 0)
		return OK;
	o->base.org.v = o->base.id;
	return org_join_tree(c, (org_id){ o->base.id }, o->parent, o->since.v == NO_DAY.v ? c->today : o->since);
}

enum rc org_after(struct ctx *c, void *row)
{
	const struct org *o = row;
	const struct actor *who;
	struct org_link link = { .base.org = { o->base.id }, .child = { o->base.id }, .parent = o->parent,
		.until = TREE_FOREVER };
	int64_t known = 0;

	TRY(org_is_installations(c, o));
	if (o->parent.v == 0)
		return OK;
	struct tree_edge in = { .child = { o->base.id } };
	TRY(query_int(c, "org/links_of", &tree_edge_shape, &in, &known));
	if (known)
		return OK;
	link.since = o->since.v == NO_DAY.v ? c->today : o->since;
	who = as_system(c, "the tree keeps its own links");
	enum rc rc = create(c, &org_link, &link);
	as_actor(c, who);
	return rc;
}
