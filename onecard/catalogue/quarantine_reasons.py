"""The closed list of reasons for which a row is quarantined, a file refused or left in the inbox, each with its remedy."""

from enum import Enum


class Reason(Enum):
    """A row's reason (`row`), a file's (`file`) or an inbox entry's (`inbox`); the value is the code that tables and messages carry."""

    code: str
    scope: str
    zh: str
    en: str
    remedy: str

    def __new__(cls, code: str, scope: str, zh: str, en: str, remedy: str) -> "Reason":
        member = object.__new__(cls)
        member._value_ = code
        member.code, member.scope, member.zh, member.en, member.remedy = code, scope, zh, en, remedy
        return member

    # Rows
    WRONG_FIELD_COUNT = (
        "wrong_field_count",
        "row",
        "列数不符",
        "number of fields differs from the header",
        "补齐或删去分隔符后重送 resend the row with the right delimiters",
    )
    WRONG_LENGTH = (
        "wrong_length",
        "row",
        "定长记录长度不符",
        "fixed-width record of another length",
        "按约定长度重送 resend at the agreed length",
    )
    BAD_QUOTES = ("bad_quotes", "row", "引号不成对", "unbalanced quotes", "修正引号后重送 mend the quotes and resend")
    NUL_BYTE = ("nul_byte", "row", "含空字节", "NUL byte in the row", "重新导出 export again")
    UNDECODABLE = (
        "undecodable",
        "row",
        "编码错误",
        "bytes that are no text in the file's encoding",
        "以 GB18030 或 UTF-8 重新导出 export again as GB18030 or UTF-8",
    )
    UNKNOWN_RECORD = ("unknown_record", "row", "记录类型未知", "unknown record type", "核对文件格式 check the format of the file")
    MISSING_REQUIRED = ("missing_required", "row", "必填项为空", "a required field is empty", "补填后重送 fill in and resend")
    BAD_AMOUNT = (
        "bad_amount",
        "row",
        "金额无法识别",
        "amount not understood, or finer than a fen",
        "改为两位小数的数字 write a number with two decimals",
    )
    NEGATIVE_AMOUNT = (
        "negative_amount",
        "row",
        "此处金额不能为负",
        "an amount that cannot be negative here",
        "退回或扣回另行报送 report money back where it belongs",
    )
    BAD_DATE = ("bad_date", "row", "日期无法识别", "date not understood", "改为 2018-03-05 样式 write it like 2018-03-05")
    BAD_MONTH = ("bad_month", "row", "月份无法识别", "month not understood", "改为 201803 样式 write it like 201803")
    BAD_NUMBER = ("bad_number", "row", "数字无法识别", "whole number not understood", "改为整数 write a whole number")
    UNKNOWN_WORD = (
        "unknown_word",
        "row",
        "不在约定词表",
        "word outside the agreed list",
        "用约定用语，或请维护词表 use the agreed word, or have the list extended",
    )
    UNKNOWN_DIVISION = (
        "unknown_division",
        "row",
        "区划无法识别",
        "division not known",
        "核对区划代码或单位名称 check code or name of the office",
    )
    UNKNOWN_PROGRAMME = (
        "unknown_programme",
        "row",
        "救助项目无法识别",
        "programme not known",
        "核对项目名称，新项目须先登记 check the name; a new programme must be registered first",
    )
    UNKNOWN_FUND = (
        "unknown_fund",
        "row",
        "资金名称无法识别",
        "fund not known",
        "核对资金名称，新资金池须先登记 check the name; a new pool must be registered first",
    )
    NUMERIC_IDENTIFIER = (
        "numeric_identifier",
        "row",
        "证件号或卡号为数值格式，位数可能已丢失",
        "identifier stored as a number, digits may be lost",
        "将该列设为文本后从系统重新导出 make the column text and export again",
    )
    FORMULA_CELL = (
        "formula_cell",
        "row",
        "证件号、卡号或金额由公式算出",
        "identifier or amount computed by a formula",
        "将公式粘贴为值后重送 paste formulas as values and resend",
    )
    IDENTIFIER_IN_TEXT = (
        "identifier_in_text",
        "row",
        "证件号、卡号或电话出现在不该有的列",
        "an ID, card or phone number in a column of words",
        "核对各列是否错位 check whether the columns are shifted",
    )
    NOT_BETWEEN_LEVELS = (
        "not_between_levels",
        "row",
        "发文、接收单位与报送单位关系不明",
        "issuer, receiver and reporter do not form a pass-down",
        "核对单位 check the offices",
    )

    # What stays in the inbox
    NOT_A_FILE = (
        "not_a_file",
        "inbox",
        "不是普通文件(链接、管道或设备)",
        "no plain file (a link, pipe or device)",
        "把文件本身放进收件箱 put the file itself into the inbox",
    )
    NOT_READABLE = (
        "not_readable",
        "inbox",
        "没有读取权限",
        "no permission to read the file",
        "放开读取权限 grant permission to read it",
    )
    BAD_FACTS = (
        "bad_facts",
        "inbox",
        "deliveries.csv 的说明无法识别，文件留在收件箱",
        "what deliveries.csv states is not understood; the file waits in the inbox",
        "改正 deliveries.csv 的该行 correct that line of deliveries.csv",
    )

    # Files
    EMPTY_FILE = ("empty_file", "file", "文件为空", "the file is empty", "重新导出 export again")
    UNKNOWN_SOURCE = (
        "unknown_source",
        "file",
        "无法辨认是哪种来源",
        "no contract fits file name or header",
        "按约定命名，或用 --source 指明 name it as agreed, or say --source",
    )
    UNKNOWN_SENDER = ("unknown_sender", "file", "无法辨认发送方", "the sender is not known", "用 --sender 指明区划或银行代码 say --sender")
    UNKNOWN_PERIOD = (
        "unknown_period",
        "file",
        "所属期未写明或不存在",
        "the period is not stated, or no such month",
        "改正文件名中的年月，或用 --period 指明 mend the month in the file name, or say --period",
    )
    UNKNOWN_FILE_PROGRAMME = (
        "unknown_file_programme",
        "file",
        "文件名和标题都没有写明救助项目",
        "neither file name nor title names a programme",
        "在文件名或标题行写明项目 name the programme in the file name or the title",
    )
    UNREADABLE_WORKBOOK = (
        "unreadable_workbook",
        "file",
        "表格无法打开(不完整或损坏)",
        "the workbook cannot be opened (truncated or damaged)",
        "重新导出并核对大小 export again and compare sizes",
    )
    PASSWORD_PROTECTED = (
        "password_protected",
        "file",
        "表格有密码保护",
        "the workbook is password-protected",
        "取消密码后重送 resend without a password",
    )
    LEGACY_WORKBOOK = ("legacy_workbook", "file", "旧版 .xls 表格", "a workbook in the old .xls format", "另存为 .xlsx save it as .xlsx")
    ZIP_BOMB = (
        "zip_bomb",
        "file",
        "压缩内容异常膨胀",
        "compressed content grows beyond all measure",
        "核实来源后重新导出 ask the sender, export again",
    )
    DTD_IN_XML = (
        "dtd_in_xml",
        "file",
        "表格内含 DTD 实体声明",
        "the workbook declares XML entities",
        "不要打开；核实来源 do not open it; ask the sender",
    )
    FAR_CELL = (
        "far_cell",
        "file",
        "表格范围异常(远处有单元格)",
        "a cell lies far outside the table",
        "删去多余行列后另存 delete stray rows and columns, save again",
    )
    HIDDEN_SHEET = (
        "hidden_sheet",
        "file",
        "有隐藏的工作表，且其中有内容",
        "a hidden sheet that is not empty",
        "取消隐藏并核对，或删除后重送 unhide and check it, or delete it, and resend",
    )
    NO_ROWS = (
        "no_rows",
        "file",
        "只有表头，没有数据行",
        "a header and not a single row",
        "确无数据则不必报送，否则重新导出 nothing to report needs no file; otherwise export again",
    )
    UNIT_CONTRADICTS = (
        "unit_contradicts",
        "file",
        "写明了两种不同的金额单位",
        "two different units of money are stated",
        "只保留正确的单位 keep the right unit only",
    )
    UNIT_NOT_STATED = (
        "unit_not_stated",
        "file",
        "金额单位未写明(元还是万元?)",
        "the unit of money is not stated: 元 or 万元?",
        "在表头或单位行写明单位 state the unit in header or unit line",
    )
    MISSING_COLUMN = (
        "missing_column",
        "file",
        "缺少必需的列",
        "a required column is missing",
        "补上该列，或在约定中登记新表头 add the column, or register the new header",
    )
    AMBIGUOUS_COLUMN = (
        "ambiguous_column",
        "file",
        "同一表头出现两次，无法判断用哪一列",
        "one header stands over two columns",
        "改名或删去多余的列 rename or delete the other column",
    )
    HEADER_NOT_FOUND = ("header_not_found", "file", "找不到表头", "no header row found", "核对表头 compare the header with the contract")
    CONTROL_TOTAL_MISMATCH = (
        "control_total_mismatch",
        "file",
        "首尾记录的笔数或金额与明细不符",
        "control totals differ from the lines",
        "请银行重发完整文件 ask the bank for the whole file",
    )
    BATCH_NOT_UNDERSTOOD = (
        "batch_not_understood",
        "file",
        "批次首记录的内容无法识别",
        "the batch's own facts are not understood",
        "请银行按约定填写首记录 ask the bank to fill in the header record as agreed",
    )
    SEVERAL_BATCHES = (
        "several_batches",
        "file",
        "一个文件里有多个批次",
        "several batches in one file",
        "每个批次一个文件 one file per batch",
    )
    IMPLAUSIBLE_TOTAL = (
        "implausible_total",
        "file",
        "合计金额超过十万亿元",
        "the amounts add up to more than ten trillion yuan",
        "核对金额单位和数字 check unit and figures",
    )
    ROW_COUNT_MISMATCH = (
        "row_count_mismatch",
        "file",
        "读到的行数与独立计数不符",
        "rows read differ from an independent count",
        "保留文件并报告 keep the file and report it",
    )
    PARSER_LIMIT = (
        "parser_limit",
        "file",
        "超出解析时间或内存上限",
        "the parser ran out of time or memory",
        "拆分文件，或提高 ONECARD_PARSER_* split the file, or raise the limits",
    )
    PARSER_CRASH = (
        "parser_crash",
        "file",
        "解析进程崩溃",
        "the parser process crashed",
        "重新导出;仍失败请报告 export again; report it if it stays",
    )


def reason_of(code: str) -> Reason:
    """The reason of a code as tables carry it."""
    return next(reason for reason in Reason if reason.code == code)
