/* roles.h -- who there is in a province's schools, and the scopes their rights reach: the words every module's
 * grants use.
 * Roles follow the plans' own list (product.md 1c) and the tiers since 1 July 2025: Ministry, department (Sở), commune
 * (UBND xã), school; bureau (Phòng) for the years before. */
#ifndef KHUE_ROLES_H
#define KHUE_ROLES_H
#include "core/decl.h"

/* scopes */
extern const struct scope
	everywhere,     /* the whole installation: reference data, public pages                                    */
	in_tree,        /* rows of the seat's organisation and of all below it today                               */
	at_org,         /* rows of the seat's organisation only                                                    */
	own,            /* rows anchored ON_PERSON to the actor                                                    */
	own_child,      /* rows anchored ON_PERSON to a pupil whose guardian with rights is the actor              */
	at_class,       /* rows anchored ON_CLASS to a class the actor teaches or leads this school year           */
	at_form,        /* rows anchored ON_CLASS to a class the actor leads (form teacher)                        */
	taught,         /* rows anchored ON_PERSON to a pupil of a class the actor teaches today                   */
	formed,         /* rows anchored ON_PERSON to a pupil of a class the actor leads today                     */
	at_other;       /* rows whose other organisation (ON_UNIT) is the seat's, e.g. where a pupil moves to      */

/* roles: name in URLs, tables and the oracle is the identifier */
extern const struct role
	anyone,         /* the public, not signed in                                                               */
	signed_in,      /* every account                                                                           */
	operator_,      /* "operator": runs the installation; sees no pupil's data                                 */
	ministry,       /* Bộ: reads reports                                                                       */
	dept_leader,    /* lãnh đạo Sở                                                                             */
	dept_officer,   /* chuyên viên Sở, data officer: administers units, accounts, exams of the province        */
	dept_clerk,     /* văn thư Sở                                                                              */
	dept_inspector, /* thanh tra Sở: reads everything of the province, writes nothing                          */
	bureau_leader,  /* trưởng phòng GD&ĐT (before July 2025)                                                   */
	commune_officer,/* công chức văn hóa - xã hội xã/phường: reads its schools                                 */
	principal,      /* hiệu trưởng                                                                             */
	deputy,         /* phó hiệu trưởng: professional matters; what is the head's alone only when it is lent    */
	clerk,          /* văn thư, giáo vụ trường                                                                 */
	it_officer,     /* quản trị tài khoản của trường                                                           */
	librarian, accountant,
	teacher,        /* giáo viên bộ môn                                                                        */
	form_teacher,   /* giáo viên chủ nhiệm                                                                     */
	pupil, parent,
	auditor,        /* reads the access log and history, no personal fields                                    */
	api_client;     /* another system, by bearer token                                                         */

/* grants for routes */
extern const struct grant for_anyone[], for_signed[], for_operator[];
extern const struct scope *const all_scopes[];       /* closed by NULL */
extern const struct role *const all_roles[];
#endif
