/* modules.c -- a new module is one line here and one in src/mod/meson.build. */
#include "app/modules.h"
#include "mod/auth/auth.h"
#include "mod/channel/channel.h"
#include "mod/contact/contact.h"
#include "mod/excel/excel.h"
#include "mod/home/home.h"
#include "mod/records/records.h"
#include "mod/results/results.h"
#include "mod/school/school.h"
#include "mod/timetable/timetable.h"
#include "mod/transcript/transcript.h"

const struct module *const all_modules[] = {
	&mod_org,
	&mod_people,
	&mod_school,
	&mod_records,
	&mod_auth,
	&mod_channel,
	&mod_timetable,
	&mod_contact,
	&mod_results,
	&mod_transcript,
	&mod_excel,
	&mod_home,
	NULL
};
