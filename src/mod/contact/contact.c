/* contact.c -- leave requests, threads, notices, declared. */
#include "mod/contact/contact_in.h"
#include "mod/auth/auth.h"
#include "mod/records/records.h"
#include "mod/timetable/timetable.h"

static const struct choice leave_states[] = { [LEAVE_ASKED] = { "asked", { "Chờ duyệt", "Asked" }, INITIAL },
	[LEAVE_APPROVED] = { "approved", { "Đã duyệt", "Approved" }, LOCKED | SETTLED },
	[LEAVE_REFUSED] = { "refused", { "Không duyệt", "Refused" }, FINAL | LOCKED },
	[LEAVE_WITHDRAWN] = { "withdrawn", { "Đã rút", "Withdrawn" }, FINAL | LOCKED }, END };
static const struct choice leave_parts[] = { [PART_DAY] = { "day", { "Cả ngày", "Whole day" } },
	[PART_MORNING] = { "morning", { "Buổi sáng", "Morning" } },
	[PART_AFTERNOON] = { "afternoon", { "Buổi chiều", "Afternoon" } }, END };
static const struct grant deciders[] = { { &form_teacher, &at_form }, { &principal, &at_org }, { &clerk, &at_org },
	{ 0 } }, askers[] = { { &parent, &own_child }, { 0 } };

#define ROW struct leave_request
const struct entity leave_request = { .name = "leave_request", .label = { "Đơn xin nghỉ học", "Leave request" },
	.size = sizeof(ROW), .keeps = HISTORY | FILES, .icon = "calendar-off",
	.fields = FIELDS{
		{ REF(pupil, person), .label = { "Học sinh", "Pupil" }, .is = NEEDED | FIXED | FILTER,
			.offer = "contact/own_children" },
		{ REF(class, school_class), .label = { "Lớp", "Class" }, .is = DERIVED | FILTER },
		{ REF(asker, person), .label = { "Người xin nghỉ", "Asked by" }, .is = DERIVED },
		{ COL(first_day), .label = { "Nghỉ từ ngày", "First day" }, .is = NEEDED | FILTER, .fill = leave_today },
		{ COL(last_day), .label = { "Đến hết ngày", "Last day" }, .is = NEEDED, .fill = leave_one_day },
		{ COL(part), .label = { "Buổi", "Part of the day" }, .pick = leave_parts },
		{ COL(reason), .label = { "Lý do", "Reason" }, .is = NEEDED | LONG, .max = 1000 },
		{ COL(paper), .label = { "Giấy tờ kèm theo (đơn thuốc, giấy mời…)", "Paper (prescription, invitation…)" } },
		{ COL(answer), .label = { "Trả lời của nhà trường", "Answer of the school" }, .is = DERIVED | LONG,
			.max = 1000 },
		{ COL(kept), .label = { "Buổi đã điểm danh, giữ nguyên", "Rolls already called, which stand" }, .is = DERIVED,
			.max = 500 },
		{ COL(state), .label = { "Tình trạng", "State" }, .is = DERIVED | FILTER, .pick = leave_states }, END },
	.title = { AT(pupil), AT(first_day) }, .list = { AT(pupil), AT(class), AT(first_day), AT(last_day), AT(part),
		AT(reason),
		AT(state) }, .sort = { AT(first_day) },
	.anchor = { [ON_PERSON] = AT(pupil), [ON_CLASS] = AT(class) },
	.check = leave_makes_sense, .before = leave_before, .after = leave_after,
	.flow = { AT(state), STEPS{
		{ "approve", { "Duyệt cho nghỉ", "Approve" }, 1 << LEAVE_ASKED, LEAVE_APPROVED, deciders,
			.asks = { AT(answer) }, .effect = leave_approve },
		{ "refuse", { "Không duyệt", "Refuse" }, 1 << LEAVE_ASKED, LEAVE_REFUSED, deciders, .asks = { AT(answer) },
			.must = 1, .guard = leave_answered, .effect = leave_refuse },
		{ "withdraw", { "Rút đơn", "Withdraw" }, 1 << LEAVE_ASKED | 1 << LEAVE_APPROVED, LEAVE_WITHDRAWN, askers,
			.effect = leave_withdraw }, END } },
	.grants = GRANTS{ { &parent, &own_child, READ | CREATE }, { &pupil, &own, READ }, { &form_teacher, &at_form, READ },
		{ &principal, &at_org, READ | EXPORT }, { &clerk, &at_org, READ | EXPORT }, { 0 } } };
#undef ROW

static const struct choice replies[] = { [REPLY_ALL] = { "all", { "Mọi người", "Everybody" } },
	[REPLY_TEACHER] = { "teacher", { "Chỉ giáo viên", "The teacher only" } }, END };
/* Whoever is a party comes by the pages of talk.c; by a grant everybody reads only what is their own. */
#define OWN_ONLY .grants = GRANTS{ { &signed_in, &own, READ }, { 0 } }
#define ROW struct thread
const struct entity thread = { .name = "thread", .label = { "Cuộc trao đổi", "Conversation" }, .size = sizeof(ROW),
	.rows = 200000, .icon = "message",
	.fields = FIELDS{
		{ REF(class, school_class), .label = { "Lớp", "Class" }, .is = DERIVED },
		{ REF(pupil, person), .label = { "Học sinh (trống: cả lớp)", "Pupil (empty: the class)" }, .is = DERIVED },
		{ REF(starter, person), .label = { "Người mở đầu", "Begun by" }, .is = NEEDED | DERIVED },
		{ COL(about), .label = { "Về việc", "About" }, .is = DERIVED | SEARCH, .max = 120 },
		{ COL(latest), .label = { "Tin cuối", "Latest" }, .is = DERIVED },
		{ COL(messages), .label = { "Số tin", "Messages" }, .is = DERIVED },
		{ COL(replies), .label = { "Phụ huynh trả lời cho", "Answers of families go to" }, .is = DERIVED,
			.pick = replies },
		END },
	.title = { AT(about) }, .list = { AT(about), AT(latest) }, .sort = { AT(latest) },
	.anchor = { [ON_PERSON] = AT(starter) }, OWN_ONLY };
#undef ROW
#define ROW struct thread_party
const struct entity thread_party = { .name = "thread_party", .label = { "Người tham gia", "Party" },
	.size = sizeof(ROW), .icon = "users",
	.fields = FIELDS{
		{ REF(thread, thread), .label = { "Cuộc trao đổi", "Conversation" }, .is = NEEDED | DERIVED },
		{ REF(person, person), .label = { "Người", "Person" }, .is = NEEDED | DERIVED },
		{ REF(pupil, person), .label = { "Là phụ huynh của", "As guardian of" }, .is = DERIVED },
		{ COL(seen), .label = { "Đã đọc đến", "Read up to" }, .is = DERIVED },
		{ COL(since), .label = { "Tham gia từ", "In it since" }, .is = DERIVED }, END },
	.title = { AT(person) }, .list = { AT(person), AT(seen) }, .sort = { AT(thread) },
	.unique = { { AT(base.org), AT(thread), AT(person) } }, .anchor = { [ON_PERSON] = AT(person) }, OWN_ONLY };
#undef ROW
#define ROW struct message
const struct entity message = { .name = "message", .label = { "Tin nhắn", "Message" }, .size = sizeof(ROW),
	.rows = 2000000, .icon = "message",
	.fields = FIELDS{
		{ REF(thread, thread), .label = { "Cuộc trao đổi", "Conversation" }, .is = NEEDED | DERIVED },
		{ REF(author, person), .label = { "Người viết", "Author" }, .is = NEEDED | DERIVED },
		{ COL(body), .label = { "Nội dung", "Text" }, .is = DERIVED | LONG | SEARCH, .max = 4000 },
		{ COL(paper), .label = { "Tệp kèm theo", "Attachment" }, .is = DERIVED },
		{ COL(aside), .label = { "Chỉ giáo viên đọc", "For the teacher only" }, .is = DERIVED }, END },
	.title = { AT(author) }, .list = { AT(author), AT(base.made) }, .sort = { AT(thread) },
	.anchor = { [ON_PERSON] = AT(author) }, OWN_ONLY };
#undef ROW

#define ROW struct message_template
#define KEEPS READ | CREATE | UPDATE | RETIRE
const struct entity message_template = { .name = "message_template", .label = { "Mẫu tin nhắn", "Message template" },
	.size = sizeof(ROW), .rows = 10000, .keeps = HISTORY, .icon = "message",
	.fields = FIELDS{
		{ COL(name), .label = { "Tên mẫu", "Name" }, .is = NEEDED | SEARCH, .max = 80 },
		{ COL(about), .label = { "Về việc", "About" }, .max = 120, .check = template_ok },
		{ COL(body), .label = { "Nội dung", "Text" }, .is = NEEDED | LONG, .max = 4000, .check = template_ok,
			.help = { "{học sinh}, {lớp}, {giáo viên}, {ngày} được điền khi gửi.",
				"Filled in when sent: {học sinh} pupil, {lớp} class, {giáo viên} teacher, {ngày} date." } },
		{ REF(author, person), .label = { "Người soạn", "Author" }, .is = DERIVED | FILTER }, END },
	.title = { AT(name) }, .list = { AT(name), AT(about), AT(author) }, .sort = { AT(name) },
	.anchor = { [ON_PERSON] = AT(author) }, .before = template_before,
	.grants = GRANTS{ { &teacher, &at_org, READ }, { &teacher, &own, KEEPS }, { &form_teacher, &at_org, READ },
		{ &form_teacher, &own, KEEPS }, { &principal, &at_org, KEEPS }, { &clerk, &at_org, KEEPS }, { 0 } } };
#undef ROW
#define ROW struct thread_look
const struct entity thread_look = { .name = "thread_look", .label = { "Lần mở xem cuộc trao đổi",
	"Look into a conversation" }, .size = sizeof(ROW), .rows = 1000, .icon = "eye",
	.fields = FIELDS{
		{ REF(thread, thread), .label = { "Cuộc trao đổi", "Conversation" }, .is = NEEDED | DERIVED },
		{ REF(person, person), .label = { "Người xem", "Who looked" }, .is = NEEDED | DERIVED },
		{ COL(reason), .label = { "Lý do", "Reason" }, .is = DERIVED | LONG, .max = 500 },
		{ COL(until), .label = { "Xem được đến", "Until" }, .is = DERIVED }, END },
	.title = { AT(person) }, .list = { AT(person), AT(reason), AT(until) }, .sort = { AT(until) },
	.grants = GRANTS{ { &principal, &at_org, READ }, { &dept_inspector, &in_tree, READ }, { 0 } } };
#undef ROW
#define ROW struct reach_day
const struct entity reach_day = { .name = "reach_day", .label = { "Mức dùng sổ liên lạc theo ngày",
	"Use of the contact book by day" }, .size = sizeof(ROW), .rows = 200000, .icon = "chart-bar",
	.fields = FIELDS{
		{ COL(held), .label = { "Ngày", "Day" }, .is = NEEDED | DERIVED | FILTER },
		{ COL(guardians), .label = { "Phụ huynh", "Guardians" }, .is = DERIVED },
		{ COL(accounts), .label = { "Có tài khoản", "With an account" }, .is = DERIVED },
		{ COL(readers), .label = { "Đã đọc", "Read" }, .is = DERIVED },
		{ COL(actors), .label = { "Có trao đổi hai chiều", "Wrote" }, .is = DERIVED }, END },
	.title = { AT(held) }, .list = { AT(held), AT(guardians), AT(accounts), AT(readers), AT(actors) },
	.sort = { AT(held) }, .unique = { { AT(base.org), AT(held) } },
	.grants = GRANTS{ { &principal, &at_org, READ | EXPORT }, { &dept_leader, &in_tree, READ | EXPORT },
		{ &dept_officer, &in_tree, READ | EXPORT }, { &dept_inspector, &in_tree, READ },
		{ &bureau_leader, &in_tree, READ }, { &commune_officer, &in_tree, READ }, { 0 } } };
#undef ROW

static const struct choice ann_states[] = { [ANN_DRAFT] = { "draft", { "Bản nháp", "Draft" }, INITIAL },
	[ANN_WAITING] = { "waiting", { "Chờ hiệu trưởng duyệt", "Waits for the principal" },
		LOCKED | WAITS },
	[ANN_SENT] = { "sent", { "Đã gửi", "Sent" }, LOCKED | SETTLED },
	[ANN_REFUSED] = { "refused", { "Không duyệt", "Refused" } },
	[ANN_RECALLED] = { "recalled", { "Đã thu hồi", "Recalled" }, FINAL | LOCKED }, END };
const struct choice notice_replies[] = { [REPLY_NONE] = { "none", { "Chưa trả lời", "Not answered" } },
	[REPLY_YES] = { "yes", { "Có, đồng ý", "Yes" } }, [REPLY_NO] = { "no", { "Không", "No" } }, END };
#define WRITERS { &form_teacher, &at_form }, { &clerk, &at_org }, { &principal, &at_org }
static const struct grant senders[] = { WRITERS, { 0 } }, heads[] = { { &principal, &at_org }, { 0 } };
#define ROW struct announcement
const struct entity announcement = { .name = "announcement", .label = { "Thông báo cho phụ huynh",
	"Notice to families" },
	.size = sizeof(ROW), .rows = 100000, .keeps = HISTORY, .icon = "speakerphone",
	.fields = FIELDS{
		{ COL(title), .label = { "Tiêu đề", "Title" }, .is = NEEDED | SEARCH, .max = 120 },
		{ COL(body), .label = { "Nội dung", "Text" }, .is = NEEDED | LONG, .max = 4000 },
		{ COL(paper), .label = { "Tệp kèm theo", "Attachment" }, .check = announcement_paper_ok,
			.help = { "Ảnh, PDF, Word, Excel; nhiều nhất 10 MB.", "Picture, PDF, Word, Excel; at most 10 MB." } },
		{ REF(class, school_class), .label = { "Gửi cho lớp", "To class" }, .is = FILTER,
			.fill = announcement_own_class, .check = announcement_fits,
			.help = { "Bỏ trống: cả trường.", "Empty: the whole school." } },
		{ COL(by_sms), .label = { "Gửi cả tin nhắn SMS", "Also by SMS" }, .check = announcement_sms_ok,
			.help = { "Lưu nháp để xem số tin và số tiền trước khi gửi.",
				"Save the draft to see how many parts and what they cost before it goes out." } },
		{ COL(by_zalo), .label = { "Gửi cả qua Zalo", "Also by Zalo" }, .check = announcement_zalo_ok,
			.help = { "Zalo hiện trường, tiêu đề và phần đầu nội dung theo mẫu tin của tài khoản OA.",
				"Zalo shows school, title and the beginning of the text in the template of the official account." } },
		{ COL(urgent), .label = { "Lý do gửi cả trong giờ yên lặng", "Why it goes out in quiet hours too" },
			.max = 300, .help = { "Bỏ trống: tin đợi đến hết giờ ấy.", "Empty: it waits until they are over." } },
		{ COL(answer_by), .label = { "Cần gia đình trả lời, đến hết ngày", "Families answer until" },
			.help = { "Bỏ trống: chỉ cần đọc. Có ngày: mỗi gia đình chọn Có hoặc Không và ghi thêm được.",
				"Empty: to be read. With a day: each family chooses yes or no and may add a word." } },
		{ REF(author, person), .label = { "Người soạn", "Author" }, .is = DERIVED },
		{ COL(recipients), .label = { "Số phụ huynh nhận", "Recipients" }, .is = DERIVED },
		{ COL(reached), .label = { "Đã tới", "Reached" }, .is = DERIVED },
		{ COL(seen_by), .label = { "Đã đọc", "Read by" }, .is = DERIVED },
		{ COL(failed), .label = { "SMS, Zalo không tới", "Not reached by SMS, Zalo" }, .is = DERIVED },
		{ COL(sms_people), .label = { "Số người có số điện thoại", "Recipients with a telephone" }, .is = DERIVED },
		{ COL(sms_parts), .label = { "Số tin SMS mỗi người", "Parts of each SMS" }, .is = DERIVED },
		{ COL(sms_cost), .label = { "Tiền SMS dự tính", "Expected cost of SMS" }, .is = DERIVED },
		{ COL(zalo_cost), .label = { "Tiền Zalo dự tính", "Expected cost of Zalo" }, .is = DERIVED },
		{ COL(sent), .label = { "Gửi lúc", "Sent" }, .is = DERIVED },
		{ COL(answer), .label = { "Ý kiến của hiệu trưởng", "The principal's word" }, .is = DERIVED | LONG, .max =
			500 },
		{ COL(recalled), .label = { "Lý do thu hồi (gia đình đọc được)", "Why it is recalled (families read it)" },
			.is = DERIVED | LONG, .max = 500 },
		{ COL(state), .label = { "Tình trạng", "State" }, .is = DERIVED | FILTER, .pick = ann_states }, END },
	.title = { AT(title) }, .list = { AT(title), AT(class), AT(author), AT(recipients), AT(sent), AT(state) },
	.sort = { AT(sent) },
	.anchor = { [ON_CLASS] = AT(class) }, .before = announcement_before,
	.flow = { AT(state), STEPS{
		{ "send", { "Gửi", "Send" }, 1 << ANN_DRAFT | 1 << ANN_REFUSED, ANN_SENT, senders,
			.guard = announcement_needs_nobody, .effect = announcement_queue, .stands = announcement_may_go },
		{ "submit", { "Trình hiệu trưởng duyệt", "Submit for approval" }, 1 << ANN_DRAFT | 1 << ANN_REFUSED,
			ANN_WAITING, senders, .guard = announcement_needs_approval, .effect = announcement_wait,
			.tell = &principal, .stands = announcement_must_wait },
		{ "take_back", { "Lấy lại để sửa", "Take back to change it" }, 1 << ANN_WAITING, ANN_DRAFT, senders },
		{ "approve", { "Duyệt và gửi", "Approve and send" }, 1 << ANN_WAITING, ANN_SENT, heads,
			.guard = announcement_phone_left, .effect = announcement_queue },
		{ "refuse", { "Không duyệt", "Refuse" }, 1 << ANN_WAITING, ANN_REFUSED, heads, .asks = { AT(answer) },
			.must = 1, .guard = announcement_answered, .effect = announcement_refused },
		{ "recall", { "Thu hồi", "Recall" }, 1 << ANN_SENT, ANN_RECALLED, senders, .asks = { AT(recalled) },
			.must = 1, .guard = announcement_recall_why, .effect = announcement_recall }, END } },
	.grants = GRANTS{ { &form_teacher, &at_form, READ | CREATE | UPDATE | RETIRE },
		{ &clerk, &at_org, READ | CREATE | UPDATE | RETIRE }, { &principal, &at_org, READ | CREATE | UPDATE | RETIRE },
		{ 0 } } };
#undef ROW
#define ROW struct announcement_copy
const struct entity announcement_copy = { .name = "announcement_copy", .label = { "Người nhận thông báo", "Recipient" },
	.size = sizeof(ROW), .rows = 20000000, .icon = "users",
	.fields = FIELDS{
		{ REF(announcement, announcement), .label = { "Thông báo", "Notice" }, .is = NEEDED | DERIVED },
		{ REF(person, person), .label = { "Phụ huynh", "Guardian" }, .is = NEEDED | DERIVED },
		{ REF(pupil, person), .label = { "Học sinh", "Pupil" }, .is = NEEDED | DERIVED },
		{ COL(delivered), .label = { "Đã chuyển", "Delivered" }, .is = DERIVED },
		{ COL(seen), .label = { "Đã đọc", "Read" }, .is = DERIVED },
		{ COL(reply), .label = { "Trả lời", "Answer" }, .is = DERIVED, .pick = notice_replies },
		{ COL(said), .label = { "Ghi thêm", "In words" }, .is = DERIVED, .max = REPLY_TEXT },
		{ COL(replied), .label = { "Trả lời lúc", "Answered" }, .is = DERIVED }, END },
	.title = { AT(person) }, .list = { AT(person), AT(pupil), AT(delivered), AT(seen) }, .sort = { AT(announcement) },
	.unique = { { AT(base.org), AT(announcement), AT(person), AT(pupil) } },
	.anchor = { [ON_PERSON] = AT(person) }, OWN_ONLY };
#undef ROW

#define ROW struct activation
const struct entity activation = { .name = "activation", .label = { "Mã kích hoạt", "Activation code" },
	.size = sizeof(ROW), .icon = "key",
	.fields = FIELDS{
		{ REF(class, school_class), .label = { "Lớp", "Class" }, .is = NEEDED | DERIVED | FILTER },
		{ REF(guardian, person), .label = { "Phụ huynh", "Guardian" }, .is = NEEDED | DERIVED },
		{ REF(pupil, person), .label = { "Học sinh", "Pupil" }, .is = NEEDED | DERIVED },
		{ COL(code), .label = { "Vân tay của mã", "Digest of the code" }, .is = DERIVED | SECRET, .max = 64 },
		{ COL(until), .label = { "Dùng được đến hết ngày", "Good through" }, .is = DERIVED },
		{ COL(tries), .label = { "Số lần sai", "Wrong tries" }, .is = DERIVED }, END },
	.title = { AT(guardian), AT(class) }, .list = { AT(class), AT(guardian), AT(pupil), AT(until), AT(tries) },
	.sort = { AT(until) },
	.grants = GRANTS{ { &it_officer, &at_org, READ }, { &principal, &at_org, READ }, { 0 } } };
#undef ROW

#define ROW struct contact_settings
static const struct shape settings = { sizeof(ROW), FIELDS{
	{ COL(approve_above), .label = { "Thông báo gửi quá số phụ huynh này phải được hiệu trưởng duyệt (để trống: 100)",
		"A notice to more guardians than this needs the principal's approval (empty: 100)" }, .min = 0, .max = 100000 },
	{ COL(daily_notices), .label = { "Một người gửi nhiều nhất mấy thông báo một ngày (để trống: 5)",
		"Notices a sender may send a day (empty: 5)" }, .min = 1, .max = 100 },
	{ COL(daily_messages), .label = { "Một người viết nhiều nhất mấy tin nhắn một ngày (để trống: 100)",
		"Messages a person may write a day (empty: 100)" }, .min = 1, .max = 1000 },
	{ COL(class_replies), .label = { "Trong trao đổi cả lớp, phụ huynh đọc được trả lời của nhau",
		"In conversations of a class families read each other's answers" } },
	{ COL(sms_sender), .label = { "Một người gửi nhiều nhất mấy tin SMS một ngày (để trống: 300)",
		"SMS parts a sender may send a day (empty: 300)" },
		.min = 0, .max = 100000 },
	{ COL(sms_unit), .label = { "Cả đơn vị gửi nhiều nhất mấy tin SMS một ngày (để trống: 5000)",
		"SMS parts the unit may send a day (empty: 5000)" },
		.min = 0, .max = 1000000 },
	{ COL(zalo_sender), .label = { "Một người gửi nhiều nhất mấy tin Zalo một ngày (để trống: 300)",
		"Zalo messages a sender may send a day (empty: 300)" }, .min = 0, .max = 100000 },
	{ COL(zalo_unit), .label = { "Cả đơn vị gửi nhiều nhất mấy tin Zalo một ngày (để trống: 5000)",
		"Zalo messages the unit may send a day (empty: 5000)" }, .min = 0, .max = 1000000 }, END } };
#undef ROW

#define FAMILY { &parent, &own_child, READ }, { &pupil, &own, READ }
#define TALKERS { &parent, &own_child, READ }, { &teacher, &at_org, READ }, { &form_teacher, &at_org, READ }
static const struct grant family[] = { FAMILY, { 0 } }, talkers[] = { TALKERS, { 0 } },
	parents[] = { { &parent, &own_child, READ }, { 0 } },
	leavers[] = { { &parent, &own_child, READ }, { &form_teacher, &at_form, READ }, { &principal, &at_org, READ },
		{ &clerk, &at_org, READ }, { 0 } },
	announcers[] = { { &form_teacher, &at_form, READ }, { &principal, &at_org, READ }, { &clerk, &at_org, READ },
		{ 0 } },
	lookers[] = { { &principal, &at_org, READ }, { 0 } },
	readers[] = { TALKERS, { &principal, &at_org, READ }, { 0 } },
	templaters[] = { { &teacher, &at_org, READ }, { &form_teacher, &at_org, READ }, { &principal, &at_org, READ },
		{ &clerk, &at_org, READ }, { 0 } },
	openers[] = { { &it_officer, &at_org, READ }, { &principal, &at_org, READ }, { 0 } },
	measurers[] = { { &principal, &at_org, READ }, { &dept_leader, &in_tree, READ }, { &dept_officer, &in_tree, READ },
		{ &dept_inspector, &in_tree, READ }, { &bureau_leader, &in_tree, READ }, { &commune_officer, &in_tree, READ },
		{ 0 } };

static const struct route routes[] = {
	{ "GET",  "/contact", family, &family_in_shape, &family_shape, family_page, "contact/family",
		{ .sql = 24, .ms = 40, .kb = 60 }, { "Sổ liên lạc", "Contact book" } },
	{ "GET",  "/announcement/{announcement}/reached", announcers, &told_in_shape, &reached_shape, reached_page,
		"contact/reached", { .sql = 8, .ms = 80, .kb = 400 }, { "Ai đã nhận, ai chưa", "Who has it and who has not" },
		.stands = announcement_went },
	{ "GET",  "/contact/notices/{announcement}", parents, &told_in_shape, &told_shape, told_page,
		"contact/notice", { .sql = 8, .ms = 20, .kb = 40 }, { "Thông báo", "Notice" } },
	{ "GET",  "/contact/notices/{announcement}/file", parents, &told_in_shape, NULL, told_file, NULL,
		{ .sql = 10, .ms = 40, .kb = 10240 }, { "Tệp kèm thông báo", "Attachment of a notice" } },
	{ "POST", "/contact/notices/{announcement}", parents, &told_in_shape, NULL, told_seen, NULL,
		{ .sql = 12, .ms = 20, .kb = 4 }, { "Đã đọc thông báo", "Read the notice" } },
	{ "POST", "/contact/notices/{announcement}/answer", parents, &reply_in_shape, NULL, told_answer, NULL,
		{ .sql = 14, .ms = 20, .kb = 4 }, { "Trả lời thông báo", "Answer a notice" } },
	{ "GET",  "/talks", talkers, &talks_in_shape, &talks_shape, talk_list, "contact/talks",
		{ .sql = 8, .ms = 30, .kb = 60 }, { "Tin nhắn", "Messages" } },
	{ "GET",  "/talks/new", talkers, &talk_new_in_shape, &talk_new_shape, talk_new, "contact/talk-new",
		{ .sql = 10, .ms = 30, .kb = 80 }, { "Viết tin nhắn", "Write a message" } },
	{ "POST", "/talks/new", talkers, &begin_in_shape, NULL, talk_begin, NULL,
		{ .sql = 1500, .ms = 400, .kb = 4 }, { "Gửi tin nhắn", "Send a message" } },
	{ "GET",  "/talks/{thread}", readers, &talk_in_shape, &talk_shape, talk_page, "contact/talk",
		{ .sql = 8, .ms = 30, .kb = 120 }, { "Cuộc trao đổi", "Conversation" } },
	{ "POST", "/talks/{thread}", talkers, &write_in_shape, NULL, talk_write, NULL,
		{ .sql = 1500, .ms = 400, .kb = 4 }, { "Trả lời", "Answer" } },
	{ "GET",  "/talks/{thread}/file/{message}", readers, &talk_file_shape, NULL, talk_file, NULL,
		{ .sql = 10, .ms = 40, .kb = 10240 }, { "Tệp kèm theo", "Attachment" } },
	{ "POST", "/talks/{thread}/look", lookers, &look_why_shape, NULL, look_open, NULL,
		{ .sql = 80, .ms = 60, .kb = 4 }, { "Mở xem cuộc trao đổi", "Look into a conversation" } },
	{ "GET",  "/contact/looks", lookers, &look_list_in_shape, &look_list_shape, look_list, "contact/looks",
		{ .sql = 8, .ms = 60, .kb = 100 }, { "Xem lại các cuộc trao đổi", "Conversations of the school" } },
	{ "POST", "/talks/{thread}/seen", talkers, &talk_seen_shape, NULL, talk_seen, NULL,
		{ .sql = 12, .ms = 20, .kb = 4 }, { "Đã đọc", "Read" } },
	{ "GET",  "/contact/reach", measurers, NULL, &reach_shape, reach_page, "contact/reach",
		{ .sql = 8, .ms = 400, .kb = 200 }, { "Mức dùng sổ liên lạc", "Use of the contact book" } },
	{ "GET",  "/contact/activation", openers, NULL, &sheets_shape, sheets_page, "contact/activation",
		{ .sql = 8, .ms = 60, .kb = 100 }, { "Phiếu kích hoạt cho phụ huynh", "Activation sheets for guardians" } },
	{ "GET",  "/contact/activation/{class}", openers, &activation_in_shape, &without_shape, without_page,
		"contact/without", { .sql = 8, .ms = 60, .kb = 200 }, { "Phụ huynh chưa có tài khoản",
		"Guardians without an account" } },
	{ "POST", "/contact/activation/{class}", openers, &activation_in_shape, NULL, sheets_print, NULL,
		{ .sql = 2000, .ms = 2000, .kb = 800 }, { "In phiếu kích hoạt", "Print an activation sheet" } },
	{ "GET",  "/kich-hoat", for_anyone, &activate_in_shape, &activate_shape, activate_page, "contact/activate",
		{ .sql = 4, .ms = 20, .kb = 40 }, { "Kích hoạt tài khoản phụ huynh", "Activate a guardian's account" } },
	{ "POST", "/kich-hoat", for_anyone, &activate_in_shape, &activate_shape, activate_do, "contact/activate",
		{ .sql = 40, .ms = 400, .kb = 40 }, { "Kích hoạt", "Activate" } }, END };

#define GROUP { "Gia đình", "Family" }
static const struct place places[] = {
	{ "contact", "/contact", "heart", { "Sổ liên lạc", "Contact book" }, GROUP, family },
	{ "talks", "/talks", "message", { "Tin nhắn", "Messages" }, GROUP, talkers },
	{ "message_template", "/message_template", "message", { "Mẫu tin nhắn", "Message templates" }, GROUP, templaters },
	{ "looks", "/contact/looks", "eye", { "Xem lại các cuộc trao đổi", "Conversations of the school" }, GROUP,
		lookers },
	{ "leave_request", "/leave_request", "calendar-off", { "Xin nghỉ học", "Leave requests" }, GROUP, leavers },
	{ "announcement", "/announcement", "speakerphone", { "Thông báo cho phụ huynh", "Notices to families" }, GROUP,
		announcers },
	{ "reach", "/contact/reach", "chart-bar", { "Mức dùng sổ liên lạc", "Use of the contact book" }, GROUP,
		measurers },
	{ "activation", "/contact/activation", "qrcode", { "Phiếu kích hoạt cho phụ huynh",
		"Activation sheets for guardians" }, GROUP, openers }, END };

const struct take contact_takes[] = { { "activation", { "Phiếu kích hoạt", "Activation slips" }, &person, openers,
	"/contact/activation" }, END };

struct said { instant at; str author, about, whom, text; bool aside; str file; };
#define ROW struct said
static const struct shape said_shape = { sizeof(ROW), FIELDS{ { COL(at) }, { COL(author) }, { COL(about) },
	{ COL(whom) }, { COL(text) }, { COL(aside) }, { COL(file) }, END } };
#undef ROW
struct told { instant at; str title, text; };
#define ROW struct told
static const struct shape all_told_shape = { sizeof(ROW), FIELDS{ { COL(at) }, { COL(title) }, { COL(text) }, END } };
#undef ROW
static const struct about abouts[] = { { "talks", "contact/subject_talks", &said_shape },
	{ "notices", "contact/subject_notices", &all_told_shape }, END };
static const char *const forget[] = { "contact/forget_codes", "contact/forget_papers", "contact/forget_reasons", NULL };

const struct module mod_contact = { .name = "contact", .label = { "Sổ liên lạc", "Contact book" }, .schema = 8,
	.needs = NEEDS(&mod_org, &mod_people, &mod_school, &mod_records, &mod_auth, &mod_channel, &mod_timetable),
	.entities = ENTITIES(&leave_request, &thread, &thread_party, &message, &announcement, &announcement_copy,
		&activation, &message_template, &thread_look, &reach_day),
	.routes = routes, .jobs = contact_jobs, .places = places, .cards = contact_cards, .settings = &settings,
	.takes = contact_takes, .carry = leave_carry, .about = abouts, .forget = forget };
