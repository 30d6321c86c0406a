/* rules.c -- what must hold of a person, a guardianship, a consent. */
#include "mod/people/people_rules.h"
#include "base/contact.h"

static const struct tr
MSG_name = { "Họ và tên chỉ gồm chữ cái, dấu nháy, dấu gạch nối và khoảng trắng.",
	"A name has letters, apostrophes, hyphens and blanks only." },
MSG_born_future = { "Ngày sinh không thể sau hôm nay.", "A birthday cannot be after today." },
MSG_born_old = { "Ngày sinh quá xa: kiểm tra lại năm.", "This birthday is too long ago: check the year." },
MSG_nid_digits = { "Số định danh cá nhân có đúng 12 chữ số.", "A national id has exactly 12 digits." },
MSG_nid_province = { "Ba chữ số đầu không phải mã tỉnh (001–096).",
	"The first three digits are no province (001–096)." },
MSG_nid_sex = { "Chữ số thứ tư không khớp giới tính và thế kỉ sinh.",
	"The fourth digit does not fit the sex and century of birth." },
MSG_nid_year = { "Chữ số thứ năm, sáu không khớp năm sinh.",
	"The fifth and sixth digits do not fit the year of birth." },
MSG_sector = { "Mã định danh ngành có 8 đến 20 chữ số. Mã do trường đặt thì ghi ở “Mã học sinh của trường”.",
	"A sector id has 8 to 20 digits. A code of the school's own goes to “School's pupil code”." },
MSG_school_code = { "Mã học sinh của trường là của học sinh, gồm chữ, số và các dấu . - / _, không có khoảng trắng.",
	"A school's pupil code is a pupil's: letters, digits and . - / _ without blanks." },
MSG_phone = { "Số điện thoại không đúng. Ví dụ: 0912 345 678.", "Not a telephone number. Example: 0912 345 678." },
MSG_email = { "Địa chỉ thư điện tử không đúng.", "Not an e-mail address." },
MSG_nobody = { "Chọn ít nhất một vai trò: học sinh, nhân viên hoặc phụ huynh.",
	"Choose at least one: pupil, staff or guardian." },
MSG_pupil_born = { "Học sinh phải có ngày sinh.", "A pupil needs a birthday." },
MSG_own_guardian = { "Một người không thể là phụ huynh của chính mình.", "Nobody is their own guardian." },
MSG_consent_future = { "Ngày đồng ý không thể sau hôm nay.", "Consent cannot be given in the future." },
MSG_consent_order = { "Ngày rút lại phải sau ngày đồng ý.", "Consent is withdrawn after it was given." },
MSG_consent_child = { "Trẻ từ 7 tuổi phải cùng đồng ý khi công bố thông tin riêng (Luật 91/2025/QH15, Đ.24).",
	"A child of 7 or more must agree too before private life is disclosed (Law 91/2025/QH15, Art. 24)." };

#define IN(m) offsetof(struct person, m)

/* Letters of any script (H'Linh Niê, Ayŭn), apostrophes and hyphens inside; no digits, no signs of code or markup. */
enum rc person_name_ok(struct ctx *c, const void *row)
{
	str s = ((const struct person *)row)->name;
	bool letter = false;

	for (ptrdiff_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];
		bool plain = (ch | 32) >= 'a' && (ch | 32) <= 'z';
		letter |= plain || ch >= 0x80;
		if (!(plain || ch >= 0x80 || ch == ' ' || ch == '\'' || ch == '-' || ch == '.'))
			return FAIL(c, E_INVALID, IN(name), &MSG_name);
	}
	return letter || s.n == 0 ? visible_name(c, IN(name), s) : FAIL(c, E_INVALID, IN(name), &MSG_name);
}

enum rc person_born_ok(struct ctx *c, const void *row)
{
	day born = ((const struct person *)row)->born;

	if (born.v == NO_DAY.v)
		return OK;
	if (born.v > c->today.v)
		return FAIL(c, E_INVALID, IN(born), &MSG_born_future);
	return born.v < c->today.v - 120 * 366 ? FAIL(c, E_INVALID, IN(born), &MSG_born_old) : OK;
}

static bool all_digits(str s)
{
	for (ptrdiff_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

bool national_id_ok(str id, enum sex sex, day born, const struct tr **why)
{
	int province, digit, year, century, male;

	*why = &MSG_nid_digits;
	if (id.n != 12 || !all_digits(id))
		return false;
	province = (id.p[0] - '0') * 100 + (id.p[1] - '0') * 10 + (id.p[2] - '0');
	digit = id.p[3] - '0';
	year = (id.p[4] - '0') * 10 + (id.p[5] - '0');
	*why = &MSG_nid_province;
	if (province < 1 || province > 96)
		return false;
	century = 1900 + digit / 2 * 100;        /* 0,1: 20th century male, female; 2,3: 21st; ... */
	male = digit % 2 == 0;
	*why = &MSG_nid_sex;
	if ((sex == SEX_MALE && !male) || (sex == SEX_FEMALE && male))
		return false;
	if (born.v == NO_DAY.v)
		return true;
	struct ymd b = day_ymd(born);
	if (b.y / 100 * 100 != century)
		return false;
	*why = &MSG_nid_year;
	return b.y % 100 == year;
}

enum rc person_national_id_ok(struct ctx *c, const void *row)
{
	const struct person *p = row;
	const struct tr *why;

	if (p->national_id.n == 0 || national_id_ok(p->national_id, (enum sex)p->sex, p->born, &why))
		return OK;
	return FAIL(c, E_INVALID, IN(national_id), why);
}

enum rc person_sector_id_ok(struct ctx *c, const void *row)
{
	str id = ((const struct person *)row)->sector_id;
	return id.n == 0 || (id.n >= 8 && id.n <= 20 && all_digits(id)) ? OK
		: FAIL(c, E_INVALID, IN(sector_id), &MSG_sector);
}

enum rc person_school_code_ok(struct ctx *c, const void *row)
{
	const struct person *p = row;
	bool good = p->pupil || p->school_code.n == 0;

	for (ptrdiff_t i = 0; i < p->school_code.n; i++) {
		unsigned char ch = (unsigned char)p->school_code.p[i];
		good = good && (ch >= 0x80 || (ch >= '0' && ch <= '9') || ((ch | 32) >= 'a' && (ch | 32) <= 'z') ||
			strchr(".-/_", ch));
	}
	return good ? OK : FAIL(c, E_INVALID, IN(school_code), &MSG_school_code);
}

enum rc person_phone_ok(struct ctx *c, const void *row)
{
	str s = ((const struct person *)row)->phone;
	return s.n == 0 || phone_ok(s) ? OK : FAIL(c, E_INVALID, IN(phone), &MSG_phone);
}

enum rc person_email_ok(struct ctx *c, const void *row)
{
	str s = ((const struct person *)row)->email;
	return s.n == 0 || email_ok(s) ? OK : FAIL(c, E_INVALID, IN(email), &MSG_email);
}

enum rc person_makes_sense(struct ctx *c, const void *row)
{
	const struct person *p = row;

	if (!p->pupil && !p->staff && !p->guardian)
		return FAIL(c, E_INVALID, IN(pupil), &MSG_nobody);
	return p->pupil && p->born.v == NO_DAY.v ? FAIL(c, E_INVALID, IN(born), &MSG_pupil_born) : OK;
}

enum rc guardianship_makes_sense(struct ctx *c, const void *row)
{
	const struct guardianship *g = row;
	return g->pupil.v && g->pupil.v == g->guardian.v ? FAIL(c, E_INVALID, offsetof(struct guardianship, guardian),
		&MSG_own_guardian) : OK;
}

/* Whoever becomes a guardian of somebody is marked as one, for lists and accounts. */
enum rc guardianship_after(struct ctx *c, void *row)
{
	const struct guardianship *g = row;
	return execute(c, "people/mark_guardian", &guardianship_key, &(struct guardianship){ .guardian = g->guardian },
		NULL);
}

#define ROW struct guardianship
const struct shape guardianship_key = { sizeof(ROW), FIELDS{ { REF(guardian, person) }, { REF(pupil, person) }, END } };
#undef ROW

/* Whole years lived on a day. */
static int years_between(day born, day on)
{
	struct ymd b = day_ymd(born), d = day_ymd(on);
	return d.y - b.y - (d.m < b.m || (d.m == b.m && d.d < b.d));
}

enum rc consent_today(struct ctx *c, void *row)
{
	((struct consent *)row)->given = c->today;
	return OK;
}

/* Law 91/2025/QH15 Đ.24: disclosing private life of a child of 7 or more needs the child too. */
enum rc consent_makes_sense(struct ctx *c, const void *row)
{
	const struct consent *k = row;
	const struct actor *who;
	struct person p;
	enum rc rc;

	if (k->given.v > c->today.v)
		return FAIL(c, E_INVALID, offsetof(struct consent, given), &MSG_consent_future);
	if (k->withdrawn.v != NO_DAY.v && k->withdrawn.v < k->given.v)
		return FAIL(c, E_INVALID, offsetof(struct consent, withdrawn), &MSG_consent_order);
	if (k->child_agrees || (k->purpose != CONSENT_PUBLISH && k->purpose != CONSENT_PHOTO &&
		k->purpose != CONSENT_THIRD_PARTY))
		return OK;
	who = as_system(c, "the age of a child decides whose consent counts");
	rc = find(c, &person, k->subject.v, &p);
	as_actor(c, who);
	TRY(rc);
	if (p.born.v == NO_DAY.v || years_between(p.born, k->given) < 7)
		return OK;
	return FAIL(c, E_INVALID, offsetof(struct consent, child_agrees), &MSG_consent_child);
}

/* Where no commune was chosen, the address names it, when it names one: as typed, then as it was written before July
 * 2025. */
enum rc person_commune(struct ctx *c, void *row)
{
	struct person *p = row;

	if (p->commune.v)
		return OK;
	TRY(address_commune_of(c, p->address, &p->commune));
	return p->commune.v ? OK : address_commune_of(c, p->old_address, &p->commune);
}

/* A whole address where the list should name a commune: what stands before the commune is the address. */
enum rc person_commune_means(struct ctx *c, void *row, str text)
{
	struct person *p = row;
	str rest;

	TRY(address_commune(c, text, &p->commune, &rest));
	if (p->commune.v && p->address.n == 0)
		p->address = rest;
	return OK;
}
