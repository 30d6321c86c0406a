/* org.h -- organisations in time, administrative units, reorganisations, facilities. */
#ifndef KHUE_ORG_H
#define KHUE_ORG_H
#include "core/ctx.h"
#include "core/roles.h"

ID(admin_unit); ID(admin_map); ID(org_link); ID(org_change); ID(org_change_part); ID(facility); ID(unit_border);

enum org_kind { ORG_MINISTRY, ORG_DEPARTMENT, ORG_BUREAU, ORG_COMMUNE, ORG_SCHOOL, ORG_SITE, ORG_DIVISION,
	ORG_SUBJECT_GROUP };
enum org_state { ORG_ACTIVE, ORG_MERGED, ORG_SPLIT, ORG_CLOSED };

/* An organisation. base.org is the organisation itself, so that a scope over the tree reaches it. */
struct org {
	struct base base;
	/* code: the sector's identifier, at most 20 characters, never reused */
	str  name, short_name, slug, code;
	pick kind, state, ownership, speciality;
	bool preschool, primary_, lower, upper, continuing;   /* levels taught                                            */
	org_id parent;                          /* today's; the versions are org_link                                     */
	admin_unit_id commune;                  /* where it stands, since July 2025                                       */
	str  address, old_address, phone, email, website, head;
	int64_t x, y;                           /* WGS84 in millionths of a degree (or the demo map's own plane); 0: none */
	day  since, until;                      /* until: the first day it no longer exists; NO_DAY: open                 */
	bool boarding, semi_boarding, two_sessions, difficult_area, national_standard;
};
/* Who stood under whom, from when to when (until exclusive). */
struct org_link { struct base base; org_id child, parent; day since, until; str decision; };

enum change_kind { CHANGE_MERGE, CHANGE_SPLIT, CHANGE_RENAME, CHANGE_MOVE, CHANGE_CLOSE, CHANGE_DROP_TIER };
enum change_state { CHANGE_DRAFT, CHANGE_APPROVED, CHANGE_APPLIED, CHANGE_CANCELLED };
/* A reorganisation by decision of an authority, previewed before it is approved, applied on its day.
 * merge: the parts go into `target`. split: `subject` gives classes to the parts. rename: new_name. move: subject
 * goes under `target`. close: subject ends. drop_tier: every unit below subject goes under `target` and it ends. */
struct org_change {
	struct base base;
	pick kind, state;
	org_id subject, target;
	str  new_name, decision, note;
	day  decided, effective;
	instant applied;
};
struct org_change_part { struct base base; org_change_id change; org_id part; str new_name; };

enum unit_level { UNIT_PROVINCE, UNIT_DISTRICT, UNIT_COMMUNE };
/* An administrative unit with the Statistics Office code of its era. Reference data of the installation. */
struct admin_unit { struct base base; str code, name, full_name; pick level; str parent_code, province_code;
	day since, until; };
/* Which old unit went into which new one on 1 July 2025 (resolutions of the National Assembly's Standing Committee). */
struct admin_map { struct base base; str new_code, old_code, old_name; bool whole; };

/* The border of a commune or province for maps: rings of "x,y" points in millionths of a degree parted by blanks,
 * rings parted by ";" (islands, and holes, which lie inside another ring). Written by borders.c and the demo. */
struct unit_border { struct base base; admin_unit_id unit; str ring; };

struct facility {
	struct base base;
	str  name, building;
	pick kind, link, condition;
	int64_t area_dm2, seats, computers, speed_mbps;
	bool networked, dual_use;
	day  since;
};

extern const struct entity org, org_link, org_change, org_change_part, admin_unit, admin_map, facility, unit_border;
extern const struct module mod_org;

/* What stands above a document of an organisation (NĐ 30/2020/NĐ-CP, Phụ lục I): the body above it, its name, where
 * and when. In a print's view: MANY(head, letterhead_shape), drawn by {{#head}}{{> core/print-head}}{{/head}}. */
struct letterhead { str above, issuer, number, dated, head; };       /* head: who leads it, for the signature     */
extern const struct shape letterhead_shape;
enum rc org_letterhead(struct ctx *c, org_id of, items *ret_one);
/* https://host[:port] of this installation for what leaves it (QR codes, calendars): the setting "site", else the
 * address the request came to; empty outside a request. */
str site_address(struct ctx *c, org_id of);
/* The department that runs this installation: the first that was founded in it, or the only one. *ret 0: there is none,
 * or several and none is known as its own. */
enum rc own_department(struct ctx *c, org_id *ret);
/* Puts a new organisation into the closure org_below from a day on, under its parent. */
enum rc org_join_tree(struct ctx *c, org_id child, org_id under, day since);
/* Rebuilds org_below from org_link; returns E_STATE when the links make a circle on some day. */
enum rc org_rebuild_tree(struct ctx *c);
/* The commune of today that an address of either era is in, and what stands before it ("thôn 3"); 0 when it names
 * none, or several: nothing is guessed. */
enum rc address_commune(struct ctx *c, str text, admin_unit_id *ret, str *ret_rest);
/* The same without the rest, for many rows: an address met before is not taken apart again, and its commune is asked of
 * the database once in one piece of work. */
enum rc address_commune_of(struct ctx *c, str text, admin_unit_id *ret);
/* Today's commune for a code of either era; several when the old one was divided. */
enum rc admin_today(struct ctx *c, str code, items *ret_units);
#endif
