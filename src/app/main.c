/* main.c -- khue COMMAND [options]: the table of commands and the help they share. */
#include "app/cli.h"
#include "base/hash.h"
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

const struct command commands[] = {
	{ "init", { "tạo một hệ thống mới", "create a new installation" }, { "", "" },
	  { "Tạo thư mục dữ liệu, khóa bí mật (DATA/secret) và cơ sở dữ liệu. Chạy lại không làm mất gì.\n",
	    "Creates the data folder, the secret key (DATA/secret) and the database. Running it again loses nothing.\n" },
	cmd_init },
	{ "check", { "tự kiểm tra các khai báo và cơ sở dữ liệu", "check the declarations and the database" },
		{ "[--drift] [--audit] [--ledger] [--pages]", "[--drift] [--audit] [--ledger] [--pages]" },
	  { "In mỗi lỗi một dòng: mã, nơi, câu giải thích (doc/checks.md). Không có lỗi: thoát với 0.\n"
	    "  --drift     so cả cơ sở dữ liệu với khai báo, tìm tham chiếu mồ côi\n"
	    "  --audit     kiểm chuỗi băm của nhật ký, nêu dòng sai đầu tiên\n"
	    "  --ledger    kiểm mọi sổ điểm: chuỗi băm, điểm so với sổ, niêm phong; nêu chỗ sai đầu tiên\n"
	    "  --pages     đọc cả cơ sở dữ liệu, so từng trang với mã kiểm tra của nó\n",
	    "Prints a line for each finding: code, place, sentence (doc/checks.md). Exits with 0 when there is none.\n"
	    "  --drift     also compares the database with the declarations and looks for orphaned references\n"
	    "  --audit     walks the hash chains of the history and names the first broken line\n"
	    "  --ledger    proves every book of marks: chain, marks against ledger, seals; names the first that is broken\n"
	    "  --pages     reads the whole database and holds each page against its checksum\n" }, cmd_check },
	{ "migrate", { "nâng cơ sở dữ liệu lên phiên bản này", "bring the database to this version" },
		{ "[--pending] [--role VAI_TRÒ] [--draft MODULE [--empty]]",
			"[--pending] [--role ROLE] [--draft MODULE [--empty]]" },
	  { "Chạy các bước di trú chưa chạy, mỗi bước một giao dịch.\n"
	    "  --pending        chỉ đếm số bước chưa chạy; thoát với 5 khi còn\n"
	    "  --role VAI_TRÒ   PostgreSQL: rồi cho vai trò này đọc, ghi dòng, không đổi cấu trúc, không sửa nhật ký: "
		"để khue serve dùng\n"
	    "  --draft MODULE   in SQL đưa cơ sở dữ liệu tới khai báo của phân hệ, không chạy gì\n"
	    "  --empty          như thể cơ sở dữ liệu còn trống\n",
	    "Runs the migrations that have not run, each in one transaction.\n"
	    "  --pending        only counts those that have not run; exits with 5 when there are some\n"
	    "  --role ROLE      PostgreSQL: then lets this role read and write rows, not the schema nor the history: "
		"for khue serve\n"
	    "  --draft MODULE   prints the SQL that brings the database to the module's declarations, runs nothing\n"
	    "  --empty          as if the database were empty\n" }, cmd_migrate },
	{ "backup", { "sao lưu khi đang chạy, mã hóa", "back up while running, enciphered" },
	  { "--to THƯ_MỤC [--recipient TỆP] | --list | --verify | --prune | --new-key TỆP | --new-passphrase",
	    "--to FOLDER [--recipient FILE] | --list | --verify | --prune | --new-key FILE | --new-passphrase" },
	  { "Ghi một bản sao lưu vào thư mục --to: mọi bảng theo một thời điểm, mọi tệp (nội dung không đổi chỉ lưu một "
		"lần).\n"
	    "  --new-key TỆP        tạo khóa: TỆP là khóa bí mật phải mang đi cất, máy này chỉ giữ DATA/backup.pub\n"
	    "  --new-passphrase     như vậy, với cụm mật khẩu (--passphrase-file TỆP để không phải gõ)\n"
	    "  --list --to DIR      các bản đã có; --verify: đọc lại hết và so tổng kiểm, không cần khóa bí mật\n"
	    "  --prune --to DIR     giữ bản mới nhất của --daily 7 ngày, --weekly 5 tuần, --monthly 12 tháng; xóa phần "
		"còn lại\n",
	    "Writes a backup to the folder --to: every table as of one moment, every file (an unchanged content is kept "
		"once).\n"
	    "  --new-key FILE       makes a key: FILE is the secret to be taken away, this machine keeps "
		"DATA/backup.pub only\n"
	    "  --new-passphrase     the same with a passphrase (--passphrase-file FILE instead of typing)\n"
	    "  --list --to DIR      what is there; --verify: reads all back and compares checksums, without the secret\n"
	    "  --prune --to DIR     keeps the newest of --daily 7 days, --weekly 5 weeks, --monthly 12 months; removes "
		"the others\n" }, cmd_backup },
	{ "restore", { "khôi phục từ bản sao lưu, hoặc diễn tập", "restore a backup, or drill it" },
	  { "--from THƯ_MỤC [--name TÊN] [--key TỆP | --passphrase-file TỆP] [--over] [--drill [--scratch THƯ_MỤC]]",
	    "--from FOLDER [--name NAME] [--key FILE | --passphrase-file FILE] [--over] [--drill [--scratch FOLDER]]" },
	  { "Đọc và kiểm hết bản sao lưu (mới nhất, hoặc --name), dựng bên cạnh, rồi mới thay. Khôi phục được vào "
		"SQLite hoặc PostgreSQL (--db).\n"
	    "  --over      thay dữ liệu đang có; dữ liệu cũ được giữ lại bên cạnh\n"
	    "  --drill     khôi phục vào một chỗ trống, so từng bảng, tệp, nhật ký, thử đăng nhập, rồi xóa chỗ ấy\n",
	    "Reads and checks the whole backup (the newest, or --name), builds it beside, only then replaces. Into "
		"SQLite or PostgreSQL (--db).\n"
	    "  --over      replaces what is there; the old data is kept beside it\n"
	    "  --drill     restores into an empty place, compares every table, file and the history, signs in, removes "
		"the place\n" }, cmd_restore },
	{ "move", { "chuyển cơ sở dữ liệu SQLite ↔ PostgreSQL", "move the database SQLite ↔ PostgreSQL" },
		{ "--to ĐỊA_CHỈ | --to-file TỆP", "--to ADDRESS | --to-file FILE" },
	  { "Chép cả cơ sở dữ liệu (--db, mặc định DATA/khue.db) sang một nơi còn trống, so số dòng và tổng kiểm từng "
		"bảng. Máy chủ phải dừng.\n",
	    "Copies the whole database (--db, DATA/khue.db unless told) to an empty target and compares counts and sums "
		"of every table. The server must be stopped.\n" }, cmd_move },
	{ "doctor", { "hệ thống này có gì không ổn", "what is wrong with this installation" },
		{ "[--json] [--cert TỆP]", "[--json] [--cert FILE]" },
	  { "Xem thư mục, khóa, đĩa, cơ sở dữ liệu, nhật ký, sao lưu, đồng hồ, chứng thư, thư, quét mã độc, hộp cát, "
		"phông chữ.\n"
	    "Thoát với 0 khi không có lỗi (cảnh báo thì được), 5 khi có.\n"
	    "  --cert TỆP   chứng thư của máy chủ web (mặc định /etc/khue/tls/cert.pem)\n",
	    "Looks at folders, keys, disk, database, history, backups, clock, certificate, mail, malware scanner, "
		"sandbox, fonts.\n"
	    "Exits with 0 when nothing is wrong (warnings may be), with 5 when something is.\n"
	    "  --cert FILE  the web server's certificate (/etc/khue/tls/cert.pem unless told)\n" }, cmd_doctor },
	{ "matrix", { "in ai được làm gì với hàng nào", "print who may do what to which rows" }, { "[--json]", "[--json]" },
	  { "Mỗi dòng: bảng, vai trò, phạm vi, quyền, cột bị giấu, cách nhau bằng tab.\n"
	    "  --json           cả sổ đăng ký: trường đọc được, ghi được, các bước, đường dẫn\n",
	    "A line each: entity, role, scope, verbs, hidden columns, parted by tabs.\n"
	    "  --json           the whole registry: readable and writable fields, steps, routes\n" }, cmd_matrix },
	{ "docs", { "viết tài liệu tham khảo từ khai báo", "write the reference manual from the declarations" },
		{ "[--out DIR] [--verify]", "[--out DIR] [--verify]" },
	  { "Viết DIR/reference/*.md và DIR/checks.md (mặc định DIR là doc).\n"
	    "  --verify         không ghi; báo trang nào khác với khai báo, thoát với 5\n",
	    "Writes DIR/reference/*.md and DIR/checks.md (DIR is doc unless told).\n"
	    "  --verify         writes nothing; tells which pages differ from the declarations, exits with 5\n" },
	cmd_docs },
	{ "serve", { "phục vụ", "serve" }, { "[--port P | --listen A:P | --listen unix:/run/khue/%d.sock] [--workers N]",
		"[--port P | --listen A:P | --listen unix:/run/khue/%d.sock] [--workers N]" },
	  { "Phục vụ trang và API cho đến khi nhận SIGTERM; SIGHUP thay từng tiến trình.\n"
	    "  --port P       cổng trên máy này (8080)\n  --listen A     địa chỉ:cổng, hoặc một ổ cắm unix cho mỗi tiến "
		"trình\n"
	    "  --workers N    số tiến trình (gấp đôi số lõi)\n  --proxy A      địa chỉ của máy ủy nhiệm được tin\n  "
		"--gzip N       mức nén 0..9\n"
	    "  --db-lag MS    đọc bản dự phòng (--db-read) khi nó chậm không quá từng ấy mili giây (3000)\n",
	    "Serves pages and API until SIGTERM; SIGHUP replaces workers one by one.\n"
	    "  --port P       port on this machine (8080)\n  --listen A     address:port, or a unix socket for each "
		"worker\n"
	    "  --workers N    number of workers (two a core)\n  --proxy A      address of the proxy to trust\n  --gzip "
		"N       compression 0..9\n"
	    "  --db-lag MS    read the standby (--db-read) while it lags no more than so many ms (3000)\n" }, cmd_serve },
	{ "demo", { "tạo một tỉnh mẫu để xem và thử", "make a fictional province to look at" },
		{ "[--size school|district|province|metropolis] [--seed N] [--password P] [--site URL]",
			"[--size school|district|province|metropolis] [--seed N] [--password P] [--site URL]" },
	  { "Tạo tỉnh An Bình (mẫu) trong một thư mục dữ liệu còn trống; cùng --seed cho cùng một tỉnh.\n"
	    "  --size         school: một trường; district: khoảng 15 trường (mặc định);\n"
	    "                 province: 600 trường; metropolis: bốn tỉnh như thế\n"
	    "  --password P   mật khẩu của mọi tài khoản mẫu; không nói thì chọn ngẫu nhiên và in ra một lần\n"
	    "  --site URL     địa chỉ ghi trên thư, phiếu và mã QR (http://127.0.0.1:8080)\n",
	    "Makes the fictional province of An Bình in an empty data folder; the same --seed gives the same province.\n"
	    "  --size         school: one school; district: about 15 schools (unless told);\n"
	    "                 province: 600 schools; metropolis: four such provinces\n"
	    "  --password P   password of every demo account; drawn at random and printed once unless told\n"
	    "  --site URL     the address that letters, slips and QR codes name (http://127.0.0.1:8080)\n" }, cmd_demo },
	{ "user", { "tạo, cấp lại, liệt kê tài khoản; kết thúc mọi phiên",
		"add, reset and list accounts; end every session" },
	  { "add TÊN [--name HỌ_TÊN] [--role VAI_TRÒ] [--org ĐƠN_VỊ] | reset TÊN [--totp] | list [--org ĐƠN_VỊ] | "
		"revoke-all [TÊN]",
	    "add LOGIN [--name NAME] [--role ROLE] [--org UNIT] | reset LOGIN [--totp] | list [--org UNIT] | revoke-all "
		"[LOGIN]" },
	  { "  add         tạo tài khoản và in mã dùng một lần; người quản trị đầu tiên: khue user add TÊN --role "
		"operator\n"
	    "  reset       in mã mới thay mật khẩu, kết thúc các phiên; --totp tắt cả xác thực hai bước\n"
	    "  list        mỗi tài khoản một dòng, cột cách nhau bằng TAB\n"
	    "  revoke-all  kết thúc mọi phiên và thu hồi mọi mã kết nối, của một người hoặc của tất cả\n",
	    "  add         creates an account and prints a one-time code; the first operator: khue user add LOGIN "
		"--role operator\n"
	    "  reset       prints a new code in place of the password, ends the sessions; --totp turns two-step sign-in "
		"off too\n"
	    "  list        one account a line, columns parted by TAB\n"
	    "  revoke-all  ends every session and revokes every API token, of one account or of all\n" }, cmd_user },
	{ "import", { "nhập dữ liệu từ tệp", "import data from a file" },
		{ "pupils|staff|schools|units|boundaries|results TỆP [tùy chọn]",
			"pupils|staff|schools|units|boundaries|results FILE [options]" },
	  { "Tệp csv, csv.gz, csv.xz, xlsx hoặc xls. In số dòng mới, đổi, như cũ, không nhận, và lý do của từng dòng không "
		"nhận.\n"
	    "  pupils, staff    hồ sơ học sinh, nhân viên; schools: các trường; cột ghép theo tiêu đề như khi nhập "
		"trong trình duyệt\n"
	    "  units            đơn vị hành chính theo danh mục chính thức [--province MÃ] [--organisations: lập đơn vị "
		"quản lý]\n"
	    "  boundaries       ranh giới đơn vị, GeoJSON hoặc TopoJSON, để nguyên, .gz hay .xz [--province MÃ] "
		"[--tolerance PHẦN TRIỆU ĐỘ]\n"
	    "  results          điểm thi theo số báo danh [--exam MÃ] [--name TÊN]; mã kỳ thi lấy từ tên tệp nếu không "
		"nói\n"
	    "  --org ĐƠN_VỊ     đơn vị của các dòng mới, theo tên trong địa chỉ trang hoặc mã\n"
	    "  --whole          chỉ ghi khi mọi dòng đều đúng (pupils, staff, schools)\n"
	    "  --replace        bỏ những thí sinh không có trong tệp (results)\n"
	    "  --dry-run        chỉ đọc và so, không ghi\n",
	    "The file is csv, csv.gz, csv.xz, xlsx or xls. Prints new, changed, same and refused rows, with the reason of "
		"each refusal.\n"
	    "  pupils, staff    records of persons; schools: the schools; columns are matched by heading as in the "
		"browser\n"
	    "  units            administrative units by an official table [--province CODE] [--organisations: found "
		"their offices]\n"
	    "  boundaries       borders of units, GeoJSON or TopoJSON, plain, .gz or .xz [--province CODE] [--tolerance "
		"MILLIONTHS OF A DEGREE]\n"
	    "  results          exam marks by candidate number [--exam CODE] [--name NAME]; the code comes from the "
		"file's name unless told\n"
	    "  --org UNIT       owner of new rows, by its name in addresses or its code\n"
	    "  --whole          writes only when every row is good (pupils, staff, schools)\n"
	    "  --replace        drops the candidates that are not in the file (results)\n"
	    "  --dry-run        reads and compares, writes nothing\n" }, cmd_import },
	{ "publish", { "công bố kết quả thi", "publish exam results" },
		{ "results MÃ_KỲ_THI [--by NƠI_CÔNG_BỐ] [--static THƯ_MỤC]", "results EXAM [--by WHO] [--static FOLDER]" },
	  { "Ký và công bố điểm đã nhập của một kỳ thi: trang /tra-cuu/MÃ. Thay bản cũ trong một bước, hoặc không thay "
		"gì.\n"
	    "  --by             Sở công bố: tên trong địa chỉ hoặc mã; hay một câu ghi trên trang;\n"
		"                   không nói thì lấy của kỳ thi, rồi Sở của hệ thống này\n"
	    "  --static         ghi thêm một tệp JSON cho mỗi thí sinh, để máy chủ web phục vụ thẳng\n",
	    "Signs and publishes the imported marks of an exam: the page /tra-cuu/EXAM. Replaces the former ones in one "
		"step or not at all.\n"
	    "  --by             the department: its name in addresses or its code; or a text to state on the page;\n"
		"                   unless told the exam's own, then the installation's department\n"
	    "  --static         also writes a JSON file for each candidate, for a web server to serve by itself\n" },
	cmd_publish },
	{ "results", { "kết quả thi đã công bố", "published exam results" },
		{ "list | compare MÃ TỆP.csv [--year N] | verify TỆP.json [--key K] | "
				"withdraw MÃ --reason LÝ_DO | static MÃ THƯ_MỤC",
			"list | compare EXAM FILE.csv [--year N] | verify FILE.json [--key K] | "
				"withdraw EXAM --reason WHY | static EXAM FOLDER" },
	  { "  list             các kỳ thi đã công bố\n"
	    "  compare          nêu từng chỗ phổ điểm khác với tệp year,subject,score,count\n"
	    "  verify           kiểm tra tệp kết quả thí sinh đã tải về, không cần mạng; --key: khóa công khai tin cậy\n"
	    "  withdraw         rút kết quả khỏi trang tra cứu, nơi ghi lý do rút\n"
	    "  static           một tệp JSON cho mỗi thí sinh\n",
	    "  list             the published exams\n"
	    "  compare          states each difference of the distributions from a file of year,subject,score,count\n"
	    "  verify           checks a candidate's saved result, offline; --key: the public key to trust\n"
	    "  withdraw         takes the results off the public pages, which state the reason\n"
	    "  static           a JSON file for each candidate\n" }, cmd_results },
	{ "key", { "khóa ký số của đơn vị và cá nhân", "keys that sign, of units and people" },
	  {
		"list | make (--org ĐƠN_VỊ | --login TÀI_KHOẢN | --all) | import TỆP.p12 --password-file TỆP "
		"(--org … | --login …)",
	    "list | make (--org UNIT | --login ACCOUNT | --all) | "
		"import FILE.p12 --password-file FILE (--org … | --login …)" },
	  { "  list             tên khóa, chủ thể, ngày hết hạn; khóa hỏng nói vì sao\n"
	    "  make             cấp khóa của cơ quan thử nghiệm trong DATA/keys/sign (không ai bên ngoài tin); "
		"đã có thì giữ\n"
	    "                   --all: mọi trường, hiệu trưởng và giáo viên chủ nhiệm\n"
	    "  import           nhận khóa và chứng thư thật từ tệp PKCS#12, thay khóa cũ\n",
	    "  list             names of keys, subjects, last days; a broken one says why\n"
	    "  make             a key of the trial authority in DATA/keys/sign, trusted by nobody outside; an existing one "
		"stays\n"
	    "                   --all: every school, principal and form teacher\n"
	    "  import           takes a real key and its certificates from a PKCS#12 file, in place of the old one\n" },
		cmd_key },
	{ "scheme", { "quy chế đánh giá học sinh", "schemes of pupils' assessment" },
	  { "list | show MÃ | check TỆP | average MÃ --json J | rate MÃ --json J [--set T=G] | diff MÃ MÃ [--json J | "
		"--year N] | results [--year N]",
		"list | show CODE | check FILE | average CODE --json J | rate CODE --json J [--set P=V] | diff CODE CODE "
			"[--json J | --year N] | results [--year N]" },
	  { "  list             các quy chế, khối lớp và năm học áp dụng, cột cách nhau bằng TAB\n"
	    "  show             tệp của một quy chế; check: nêu từng dòng sai của một tệp\n"
	    "  average          điểm trung bình: {\"tx\":[8,9,7.5],\"gk\":8,\"ck\":8.5}, {\"hk1\":7.2,\"hk2\":8}, "
		"{\"comments\":[\"dat\",\"dat\"]}\n"
	    "  rate             xếp mức và lý do: "
		"{\"subjects\":[{\"code\":\"toan\",\"average\":8.2},{\"code\":\"gdtc\",\"comment\":\"dat\"}]}\n"
	    "                   thêm \"conduct\", \"absences\" để xét lên lớp và danh hiệu; --set adjust=substitute đặt "
		"một tham số\n"
	    "  diff             hai quy chế xếp khác nhau thế nào: dữ liệu của --json, hoặc mọi học sinh của một năm học\n"
	    "  results          tính lại kết quả của mọi lớp trong một năm học, là một công việc: bị ngắt thì máy chủ hay\n"
	    "                   khue job run làm tiếp\n"
	    "Tệp quy chế mới: DATA/schemes/*.scheme.\n",
	    "  list             the schemes, their grades and school years, columns parted by TAB\n"
	    "  show             the file of a scheme; check: names each wrong line of a file\n"
	    "  average          an average: {\"tx\":[8,9,7.5],\"gk\":8,\"ck\":8.5}, {\"hk1\":7.2,\"hk2\":8}, "
		"{\"comments\":[\"dat\",\"dat\"]}\n"
	    "  rate             the level and why: "
		"{\"subjects\":[{\"code\":\"toan\",\"average\":8.2},{\"code\":\"gdtc\",\"comment\":\"dat\"}]}\n"
	    "                   with \"conduct\" and \"absences\" also promotion and title; --set adjust=substitute "
		"sets a parameter\n"
	    "  diff             how two schemes rate differently: given data, or every pupil of a school year\n"
	    "  results          computes the results of every class of a school year anew, as a job: if it is cut, the\n"
	    "                   server or khue job run goes on with it\n"
	    "New scheme files: DATA/schemes/*.scheme.\n" }, cmd_scheme },
	{ "export", { "ghi một bảng ra tệp", "write an entity's rows to a file" },
		{ "BẢNG --out TỆP [--org ĐƠN_VỊ] [--format xlsx|csv|json]",
			"ENTITY --out FILE [--org SLUG] [--format xlsx|csv|json]" },
	  { "Mọi dòng và mọi cột không mật, như chính hệ thống; nhật ký ghi lại. Dạng tệp theo đuôi của tên.\n"
	    "  --org            chỉ đơn vị này và các đơn vị trực thuộc\n",
	    "Every row and every column that is not secret, as the installation itself; the history notes it. The "
		"name's ending says the format.\n"
	    "  --org            only this unit and those below it\n" }, cmd_export },
	{ "search", { "viết lại chỉ mục tìm kiếm", "write the search index again" },
		{ "rebuild [BẢNG ..]", "rebuild [ENTITY ..]" },
	  { "Mỗi bảng một giao dịch; dùng sau khi dữ liệu được ghi từ bên ngoài, hoặc sau một bản nâng cấp bảo làm vậy.\n",
	    "A transaction for each entity; after data was written from outside, or when an upgrade says so.\n" },
		cmd_search },
	{ "breach", { "hồ sơ sự cố lộ dữ liệu: ai bị ảnh hưởng", "the pack after a theft of data: who is affected" },
	  { "--since LÚC --until LÚC [--login TÊN] --out TỆP.csv",
		"--since WHEN --until WHEN [--login LOGIN] --out FILE.csv" },
	  { "Từ nhật ký xem: mỗi hồ sơ bị xem trong khoảng thời gian, tên, đơn vị, lần đầu, lần cuối, số lần, có bị tải "
		"về hay in không, cột riêng tư nào.\n"
	    "  --login          chỉ những gì tài khoản này đã xem\n",
	    "From the log of reads: each record that was read in the window, its name, unit, first and last time, how "
		"often, whether exported or printed,\n"
	    "and which private columns it has.\n"
	    "  --login          only what this account has read\n" }, cmd_breach },
	{ "trace", { "tệp này do ai tải về", "whose download a file was" }, { "MÃ_TỆP", "CODE" },
	  { "Mã ở trang “Nguồn tệp” của tệp Excel, dòng cuối của tệp csv, chân trang bản in hay tên "
		"tệp: KX-....-....-...\n",
	    "The code stands on the sheet “Origin” of an Excel file, in the last line of a csv, at the foot of a print or "
		"in the file's name: KX-....-....-...\n" }, cmd_trace },
	{ "job", { "hàng đợi công việc nền", "the queue of background jobs" },
		{ "list [--all] | run | cancel MÃ | again MÃ", "list [--all] | run | cancel ID | again ID" },
	  { "  list             việc đang đợi, đang chạy, bị lỗi; --all: cả việc đã xong\n"
	    "  run              chạy ngay mọi việc đến hạn trong tiến trình này\n"
	    "  cancel MÃ        dừng một việc\n  again MÃ         chạy lại một việc bị lỗi hoặc đã dừng\n",
	    "  list             what waits, runs or failed; --all: also what has ended\n"
	    "  run              runs everything that is due now, in this process\n"
	    "  cancel ID        stops a job\n  again ID         runs one that failed or was cancelled once more\n" },
	cmd_job },
	{ 0 }
};

static const struct tr
	MSG_head = { "Khuê " KHUE_VERSION " — hệ thống mở cho ngành giáo dục của một tỉnh",
		"Khuê " KHUE_VERSION " — an open system for a province's schools" },
	MSG_use = { "Cách dùng: khue LỆNH [tùy chọn]", "Use: khue COMMAND [options]" },
	MSG_use_of = { "Cách dùng: khue {1} {2}", "Use: khue {1} {2}" },
	MSG_options = { "Tùy chọn chung:\n"
		"  --data THƯ_MỤC   thư mục của hệ thống (KHUE_DATA; mặc định ./var/khue)\n"
		"  --db ĐỊA_CHỈ     tệp SQLite hoặc postgres://... (KHUE_DB; mặc định DATA/khue.db)\n"
		"  --db-file TỆP    địa chỉ nằm trong tệp (KHUE_DB_FILE): bắt buộc khi có mật khẩu\n"
		"  --db-read ĐỊA_CHỈ  bản dự phòng PostgreSQL để đọc những trang được phép trễ (KHUE_DB_READ, --db-read-file)\n"
		"  --lang vi|en     ngôn ngữ của lời nhắn\n"
		"  --help           trợ giúp của lệnh", "Options of every command:\n"
		"  --data FOLDER    folder of the installation (KHUE_DATA; ./var/khue unless told)\n"
		"  --db ADDRESS     SQLite file or postgres://... (KHUE_DB; DATA/khue.db unless told)\n"
		"  --db-file FILE   the address stands in a file (KHUE_DB_FILE): needed when it holds a password\n"
		"  --db-read ADDRESS  a PostgreSQL standby for pages that may lag (KHUE_DB_READ, --db-read-file)\n"
		"  --lang vi|en     language of the messages\n"
		"  --help           help of the command" },
	MSG_commands = { "Các lệnh:", "Commands:" },
	MSG_root = { "{1} thuộc người dùng {2}. Chạy lệnh bằng người dùng ấy, kẻo dịch vụ không mở được tệp do root tạo: "
		"runuser -u {2} -- khue …, hoặc sudo -u {2} khue …", "{1} belongs to the user {2}. Run as that user, or the "
		"service cannot open what root creates: runuser -u {2} -- khue .., or sudo -u {2} khue .." },
	MSG_moved = { "Cơ sở dữ liệu đã chuyển sang {1}. Nói nó ở đâu: --db hoặc --db-file (dịch vụ: KHUE_DB trong "
		"/etc/khue/khue.env). Muốn dùng lại tệp cũ thì xóa {2}.",
		"The database was moved to {1}. Say where it is: --db or --db-file (the service: KHUE_DB in "
		"/etc/khue/khue.env). To use the old file again, remove {2}." },
	MSG_no_command = { "Không có lệnh \"{1}\". Xem: khue --help", "There is no command \"{1}\". See: khue --help" },
	MSG_password =
	{ "Mật khẩu không được nằm trên dòng lệnh hay trong biến môi trường, nơi ai cũng đọc được. Ghi địa chỉ vào một "
		"tệp 0600 và dùng --db-file TỆP.",
	                 "A password must not stand on the command line or in the environment, where everybody can read "
		"it. Write the address to a file of mode 0600 and use --db-file FILE." },
	MSG_standby = { "--db-read chỉ dùng khi cả hai địa chỉ là PostgreSQL.",
		"--db-read: both addresses must be PostgreSQL." },
	MSG_lang = { "--lang: chỉ có vi và en.", "--lang: vi or en." };

static int help_all(struct cli *c)
{
	SAY(c, &MSG_head);
	SAY(c, &MSG_use);
	printf("\n");
	SAY(c, &MSG_commands);
	for (const struct command *x = commands; x->name; x++)
		printf("  %-10s %s\n", x->name, c->lang == VI ? x->summary.vi : x->summary.en);
	printf("\n");
	SAY(c, &MSG_options);
	return 0;
}

static int help_one(struct cli *c)
{
	const struct command *x = c->command;
	SAYF(c, &MSG_use_of, str_of(x->name), str_of(c->lang == VI ? x->use.vi : x->use.en));
	printf("\n%s\n", c->lang == VI ? x->help.vi : x->help.en);
	SAY(c, &MSG_options);
	return 0;
}

/* user:password@ or password= in an address: everybody on the machine could read it. */
static bool shows_password(const char *where)
{
	const char *at = strstr(where, "://"), *end = at ? strchr(at + 3, '@') : NULL, *colon = at ? strchr(at + 3, ':')
		: NULL;
	return at && strncmp(where, "postgres", 8) == 0 && ((end && colon && colon < end) || strstr(at, "password="));
}

/* --db-read, KHUE_DB_READ; with a password: --db-read-file, KHUE_DB_READ_FILE, the systemd credential "db-read". */
static void read_standby(struct cli *c)
{
	const char *file = getenv("KHUE_DB_READ_FILE"), *credentials = getenv("CREDENTIALS_DIRECTORY");
	c->read = getenv("KHUE_DB_READ");
	cli_value(c, "--db-read", &c->read);
	cli_value(c, "--db-read-file", &file);
	if (c->read && shows_password(c->read))
		exit(BAD(c, E_INVALID, &MSG_password));
	if (!file && credentials && (!c->read || !*c->read)) {
		file = str_z(c->mem, str_fmt(c->mem, "%s/db-read", credentials));
		file = access(file, F_OK) == 0 ? file : NULL;
	}
	if (file && *file)
		c->read = cli_address_in(c, file);
	if (c->read && !*c->read)
		c->read = NULL;
	if (c->read && (strncmp(c->read, "postgres", 8) != 0 || strncmp(c->where, "postgres", 8) != 0))
		exit(BAD(c, E_INVALID, &MSG_standby));
}

/* --db, KHUE_DB; with a password only in a file: --db-file, KHUE_DB_FILE, the systemd credential "db". What the command
 * line says goes before the environment. */
static void read_where(struct cli *c)
{
	const char *file = NULL, *credentials = getenv("CREDENTIALS_DIRECTORY");
	c->where = NULL;
	bool told = cli_value(c, "--db", &c->where);
	told |= cli_value(c, "--db-file", &file);
	cli_settings(c, told);
	if (!told) {
		c->where = getenv("KHUE_DB");
		file = getenv("KHUE_DB_FILE");
	}
	if (c->where && shows_password(c->where))
		exit(BAD(c, E_INVALID, &MSG_password));
	if (!file && credentials && (!c->where || !*c->where)) {
		file = str_z(c->mem, str_fmt(c->mem, "%s/db", credentials));
		file = access(file, F_OK) == 0 ? file : NULL;
	}
	if (file && *file)
		c->where = cli_address_in(c, file);
	if (!c->where || !*c->where)
		c->where = str_z(c->mem, str_fmt(c->mem, "%s/khue.db", c->data));
}

/* The file's content went elsewhere (khue move): whoever forgets to say where would back up, repair and serve what
 * stands still. Only another move reads it. */
static void refuse_moved(struct cli *c)
{
	const char *file = str_z(c->mem, str_fmt(c->mem, "%s/khue.db", c->data)), *mark = cli_moved(c);
	char to[512];

	if (strcmp(c->where, file) != 0 || strcmp(c->command->name, "move") == 0)
		return;
	int fd = open(mark, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	ssize_t n = read(fd, to, sizeof to);
	close(fd);
	exit(BADF(c, E_STATE, &MSG_moved, str_trim((str){ to, n > 0 ? n : 0 }), str_of(mark)));
}

/* What root writes into the folder of the service's user, the service cannot open: a lock, a key. */
static void refuse_root(struct cli *c)
{
	struct stat st;
	const struct passwd *owner;

	if (geteuid() != 0 || stat(c->data, &st) != 0 || st.st_uid == 0 || strcmp(c->command->name, "serve") == 0 ||
		strcmp(c->command->name, "doctor") == 0)
		return;
	owner = getpwuid(st.st_uid);
	str who = owner ? str_of(owner->pw_name) : str_fmt(c->mem, "#%u", st.st_uid);
	exit(BADF(c, E_DENIED, &MSG_root, str_of(c->data), who));
}

static void read_common(struct cli *c)
{
	const char *lang = getenv("LANG"), *told;
	c->lang = lang && strncmp(lang, "en", 2) == 0 ? EN : VI;
	if (cli_value(c, "--lang", &told)) {
		if (strcmp(told, "vi") != 0 && strcmp(told, "en") != 0)
			exit(BAD(c, E_INVALID, &MSG_lang));
		c->lang = strcmp(told, "en") == 0 ? EN : VI;
	}
	c->data = getenv("KHUE_DATA");
	if (!c->data || !*c->data)
		c->data = "./var/khue";
	cli_value(c, "--data", &c->data);
	read_where(c);
	read_standby(c);
}

/* Nobody looks into this process: no core file, no debugger of the same user, no /proc/PID/mem. A sanitizer's leak
 * check does. */
static void keep_to_itself(void)
{
#if !defined(__SANITIZE_ADDRESS__)
	prctl(PR_SET_DUMPABLE, 0);
#endif
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
}

int main(int argc, char **argv)
{
	struct arena mem;
	arena_init(&mem, (size_t)1 << 30);
	struct cli c = { .mem = &mem, .args = argv + 1, .n = argc - 1 };
	keep_to_itself();
	umask(0077);                     /* what an installation writes is its own */
	read_common(&c);
	if (!hash_init())
		return (int)E_FAULT;
	bool help = cli_flag(&c, "--help") || cli_flag(&c, "-h");
	if (cli_flag(&c, "--version")) {
		printf("%s\n", KHUE_VERSION);
		return 0;
	}
	const char *name = cli_next(&c);
	if (!name || strcmp(name, "help") == 0)
		return help_all(&c) + (name || help ? 0 : (int)E_INVALID);
	for (c.command = commands; c.command->name; c.command++)
		if (strcmp(c.command->name, name) == 0)
			break;
	if (!c.command->name)
		return BADF(&c, E_INVALID, &MSG_no_command, str_of(name));
	if (!help) {
		refuse_root(&c);
		refuse_moved(&c);
	}
	int code = help ? help_one(&c) : c.command->run(&c);
	arena_free(&mem);
	return code;
}
