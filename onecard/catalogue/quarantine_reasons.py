"""The closed list of reasons for which a row is quarantined, a file refused or left in the inbox, each with its remedy."""

from enum import Enum

from onecard.words.language import Text


class Reason(Enum):
    """A row's reason (`row`), a file's (`file`) or an inbox entry's (`inbox`); the value is the code that tables and messages carry."""

    code: str
    scope: str
    why: Text
    remedy: Text

    def __new__(cls, code: str, scope: str, why: Text, remedy: Text) -> "Reason":
        member = object.__new__(cls)
        member._value_ = code
        member.code, member.scope, member.why, member.remedy = code, scope, why, remedy
        return member

    # Rows
    WRONG_FIELD_COUNT = (
        "wrong_field_count",
        "row",
        Text("列数不符", "number of fields differs from the header"),
        Text("补齐或删去分隔符后重送", "resend the row with the correct delimiters"),
    )
    WRONG_LENGTH = (
        "wrong_length",
        "row",
        Text("定长记录长度不符", "fixed-width record of the wrong length"),
        Text("按约定长度重送", "resend at the agreed length"),
    )
    BAD_QUOTES = ("bad_quotes", "row", Text("引号不成对", "unbalanced quotes"), Text("修正引号后重送", "correct the quotes and resend"))
    NUL_BYTE = ("nul_byte", "row", Text("含空字节", "NUL byte in the row"), Text("重新导出", "export again"))
    UNDECODABLE = (
        "undecodable",
        "row",
        Text("编码错误", "bytes that are not text in the file's encoding"),
        Text("以 GB18030 或 UTF-8 重新导出", "export again as GB18030 or UTF-8"),
    )
    UNKNOWN_RECORD = ("unknown_record", "row", Text("记录类型未知", "unknown record type"), Text("核对文件格式", "check the file format"))
    MISSING_REQUIRED = (
        "missing_required",
        "row",
        Text("必填项为空", "a required field is empty"),
        Text("补填后重送", "fill it in and resend"),
    )
    BAD_AMOUNT = (
        "bad_amount",
        "row",
        Text("金额无法识别，或精确到分以下", "unreadable amount, or with a fraction of a fen"),
        Text("改为两位小数的数字", "write a number with two decimals"),
    )
    NEGATIVE_AMOUNT = (
        "negative_amount",
        "row",
        Text("此处金额不能为负", "amount may not be negative here"),
        Text("退回或扣回另行报送", "report returns and deductions separately"),
    )
    BAD_DATE = ("bad_date", "row", Text("日期无法识别", "unreadable date"), Text("改为 2018-03-05 样式", "write it like 2018-03-05"))
    BAD_MONTH = ("bad_month", "row", Text("月份无法识别", "unreadable month"), Text("改为 201803 样式", "write it like 201803"))
    BAD_NUMBER = ("bad_number", "row", Text("数字无法识别", "unreadable whole number"), Text("改为整数", "write a whole number"))
    UNKNOWN_WORD = (
        "unknown_word",
        "row",
        Text("不在约定词表", "word not in the agreed list"),
        Text("用约定用语，或请维护词表", "use an agreed word, or have the list extended"),
    )
    UNKNOWN_DIVISION = (
        "unknown_division",
        "row",
        Text("区划无法识别", "unknown division"),
        Text("核对区划代码或单位名称", "check the code or the name of the office"),
    )
    UNKNOWN_PROGRAMME = (
        "unknown_programme",
        "row",
        Text("救助项目无法识别", "unknown programme"),
        Text("核对项目名称，新项目须先登记", "check the name; a new programme must be registered first"),
    )
    UNKNOWN_FUND = (
        "unknown_fund",
        "row",
        Text("资金名称无法识别", "unknown fund"),
        Text("核对资金名称，新资金池须先登记", "check the name; a new pool must be registered first"),
    )
    NUMERIC_IDENTIFIER = (
        "numeric_identifier",
        "row",
        Text("证件号、卡号、账号或编号为数值格式，位数可能已丢失", "identifier stored as a number, digits may be lost"),
        Text("将该列设为文本后从系统重新导出", "format the column as text and export it again from the system"),
    )
    NUMBER_WITH_WORDS = (
        "number_with_words",
        "row",
        Text("号码栏内有文字（如户主、身份证）", "words stand in the place of a number or beside it"),
        Text("单元格内只留号码，说明写入备注列", "leave nothing but the number in the cell; remarks have a column of their own"),
    )
    NUMBER_WITH_LETTERS = (
        "number_with_letters",
        "row",
        Text("号码前后或中间有字母", "letters stand beside a number that has none"),
        Text("单元格内只留号码", "leave nothing but the number in the cell"),
    )
    NUMBER_WITH_SIGNS = (
        "number_with_signs",
        "row",
        Text("号码前后或中间有标点、星号等符号", "punctuation, asterisks or other signs stand beside the number"),
        Text("单元格内只留完整的号码", "leave nothing but the whole number in the cell"),
    )
    FORMULA_CELL = (
        "formula_cell",
        "row",
        Text("证件号、卡号或金额由公式算出", "identifier or amount computed by a formula"),
        Text("将公式粘贴为值后重送", "paste formulas as values and resend"),
    )
    IDENTIFIER_IN_TEXT = (
        "identifier_in_text",
        "row",
        Text("证件号、卡号或电话出现在不该有的列", "ID, card or phone number in a text column"),
        Text("核对各列是否错位", "check whether the columns are shifted"),
    )
    NOT_BETWEEN_LEVELS = (
        "not_between_levels",
        "row",
        Text("发文、接收单位与报送单位关系不明", "issuer, receiver and reporter do not form a pass-down"),
        Text("核对单位", "check the offices"),
    )

    # What stays in the inbox
    NOT_A_FILE = (
        "not_a_file",
        "inbox",
        Text("不是普通文件（链接、管道或设备）", "not a regular file (a link, pipe or device)"),
        Text("把文件本身放进收件箱", "put the file itself into the inbox"),
    )
    NOT_READABLE = (
        "not_readable",
        "inbox",
        Text("没有读取权限", "no permission to read the file"),
        Text("放开读取权限", "grant permission to read it"),
    )
    BAD_FACTS = (
        "bad_facts",
        "inbox",
        Text("deliveries.csv 的说明无法识别，文件留在收件箱", "the entry in deliveries.csv is not understood; the file stays in the inbox"),
        Text("改正 deliveries.csv 的该行", "correct that line of deliveries.csv"),
    )

    # Files
    EMPTY_FILE = ("empty_file", "file", Text("文件为空", "the file is empty"), Text("重新导出", "export again"))
    UNKNOWN_SOURCE = (
        "unknown_source",
        "file",
        Text("无法辨认是哪种来源", "no contract matches the file name or header"),
        Text("按约定命名，或用 --source 指明", "name it as agreed, or pass --source"),
    )
    UNKNOWN_SENDER = (
        "unknown_sender",
        "file",
        Text("无法辨认发送方", "unknown sender"),
        Text("用 --sender 指明区划或银行代码", "pass --sender with a division or bank code"),
    )
    UNKNOWN_PERIOD = (
        "unknown_period",
        "file",
        Text("所属期未写明或不存在", "the period is missing, or there is no such month"),
        Text("改正文件名中的年月，或用 --period 指明", "correct the month in the file name, or pass --period"),
    )
    UNKNOWN_FILE_PROGRAMME = (
        "unknown_file_programme",
        "file",
        Text("文件名和标题都没有写明救助项目", "neither file name nor title names a programme"),
        Text("在文件名或标题行写明项目", "name the programme in the file name or the title"),
    )
    UNREADABLE_WORKBOOK = (
        "unreadable_workbook",
        "file",
        Text("表格无法打开（不完整或损坏）", "the workbook cannot be opened (truncated or damaged)"),
        Text("重新导出并核对大小", "export again and compare file sizes"),
    )
    PASSWORD_PROTECTED = (
        "password_protected",
        "file",
        Text("表格有密码保护", "the workbook is password-protected"),
        Text("取消密码后重送", "resend without a password"),
    )
    LEGACY_WORKBOOK = (
        "legacy_workbook",
        "file",
        Text("旧格式文件，不是能读的表格", "a file in an old format, and no workbook that can be read"),
        Text("另存为 .xlsx", "save it as .xlsx"),
    )
    ZIP_BOMB = (
        "zip_bomb",
        "file",
        Text("压缩内容异常膨胀", "compressed content expands abnormally"),
        Text("核实来源后重新导出", "check with the sender, then export again"),
    )
    DTD_IN_XML = (
        "dtd_in_xml",
        "file",
        Text("表格内含 DTD 实体声明", "the workbook declares XML entities"),
        Text("不要打开；核实来源", "do not open it; check with the sender"),
    )
    FAR_CELL = (
        "far_cell",
        "file",
        Text("表格范围异常（远处有单元格）", "a cell lies far outside the table"),
        Text("删去多余行列后另存", "delete stray rows and columns, then save again"),
    )
    HIDDEN_SHEET = (
        "hidden_sheet",
        "file",
        Text("有隐藏的工作表，且其中有内容", "a hidden sheet is not empty"),
        Text("取消隐藏并核对，或删除后重送", "unhide and check it, or delete it, then resend"),
    )
    NO_ROWS = (
        "no_rows",
        "file",
        Text("只有表头，没有数据行", "a header without any data row"),
        Text("确无数据则不必报送，否则重新导出", "with no data no file is needed; otherwise export again"),
    )
    UNIT_CONTRADICTS = (
        "unit_contradicts",
        "file",
        Text("写明了两种不同的金额单位", "two different currency units are stated"),
        Text("只保留正确的单位", "keep the correct unit only"),
    )
    UNIT_NOT_STATED = (
        "unit_not_stated",
        "file",
        Text("金额单位未写明（元还是万元？）", "the currency unit is not stated (元 or 万元?)"),
        Text("在表头或单位行写明单位", "state the unit in the header or a unit line"),
    )
    MISSING_COLUMN = (
        "missing_column",
        "file",
        Text("缺少必需的列", "a required column is missing"),
        Text("补上该列，或在约定中登记新表头", "add the column, or register the new header in the contract"),
    )
    AMBIGUOUS_COLUMN = (
        "ambiguous_column",
        "file",
        Text("同一表头出现两次，无法判断用哪一列", "one header stands over two columns"),
        Text("改名或删去多余的列", "rename or delete the extra column"),
    )
    HEADER_NOT_FOUND = (
        "header_not_found",
        "file",
        Text("找不到表头", "no header row found"),
        Text("核对表头", "compare the header with the contract"),
    )
    CONTROL_TOTAL_MISMATCH = (
        "control_total_mismatch",
        "file",
        Text("首尾记录的笔数或金额与明细不符", "control totals differ from the lines"),
        Text("请银行重发完整文件", "ask the bank for the complete file"),
    )
    BATCH_NOT_UNDERSTOOD = (
        "batch_not_understood",
        "file",
        Text("批次首记录的内容无法识别", "the header record of the batch is not understood"),
        Text("请银行按约定填写首记录", "ask the bank to fill in the header record as agreed"),
    )
    SEVERAL_BATCHES = (
        "several_batches",
        "file",
        Text("一个文件里有多个批次", "several batches in one file"),
        Text("每个批次一个文件", "one file per batch"),
    )
    IMPLAUSIBLE_TOTAL = (
        "implausible_total",
        "file",
        Text("合计金额超过十万亿元", "amounts add up to more than ten trillion yuan"),
        Text("核对金额单位和数字", "check the unit and the figures"),
    )
    ROW_COUNT_MISMATCH = (
        "row_count_mismatch",
        "file",
        Text("读到的行数与独立计数不符", "rows read differ from an independent count"),
        Text("保留文件并报告", "keep the file and report it"),
    )
    PARSER_LIMIT = (
        "parser_limit",
        "file",
        Text("超出解析时间或内存上限", "the parser ran out of time or memory"),
        Text("拆分文件，或提高 ONECARD_PARSER_*", "split the file, or raise ONECARD_PARSER_*"),
    )
    PARSER_CRASH = (
        "parser_crash",
        "file",
        Text("解析进程崩溃", "the parser process crashed"),
        Text("重新导出；仍失败请报告", "export again; report it if it fails again"),
    )


def reason_of(code: str) -> Reason:
    """The reason of a code as tables carry it."""
    return next(reason for reason in Reason if reason.code == code)
