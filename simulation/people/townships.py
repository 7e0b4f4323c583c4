"""Townships of Dingxi's counties, and villages with names like theirs."""

import numpy as np

TOWNSHIPS = {
    "621102": (
        "凤翔镇 内官营镇 巉口镇 称钩驿镇 鲁家沟镇 西巩驿镇 宁远镇 李家堡镇 团结镇 香泉镇 "
        "符家川镇 葛家岔镇 白碌乡 石峡湾乡 新集乡 青岚山乡 高峰乡 石泉乡 杏园乡"
    ),
    "621121": (
        "平襄镇 马营镇 鸡川镇 榜罗镇 常家河镇 义岗川镇 陇阳镇 陇山镇 陇川镇 碧玉镇 "
        "襄南镇 李家店乡 第三铺乡 华家岭镇 寺子川乡 什川镇 新景乡 北城铺镇"
    ),
    "621122": (
        "巩昌镇 文峰镇 首阳镇 菜子镇 福星镇 通安驿镇 云田镇 碧岩镇 马河镇 雪山乡 德兴乡 渭阳乡 宏伟乡 和平乡 柯寨镇 双泉镇 权家湾镇"
    ),
    "621123": ("清源镇 会川镇 莲峰镇 五竹镇 路园镇 北寨镇 新寨镇 麻家集镇 锹峪镇 庆坪镇 祁家庙镇 上湾镇 大安乡 秦祁乡 峡城乡 田家河乡"),
    "621124": (
        "洮阳镇 八里铺镇 新添镇 辛店镇 太石镇 中铺镇 峡口镇 龙门镇 窑店镇 玉井镇 "
        "衙下集镇 南屏镇 红旗乡 上营乡 康家集乡 站滩乡 漫洼乡 连儿湾乡"
    ),
    "621125": ("武阳镇 三岔镇 新寺镇 金钟镇 盐井镇 殪虎桥镇 大草滩镇 四族镇 石川镇 贵清山镇 马泉乡 武当乡 东泉乡"),
    "621126": (
        "岷阳镇 蒲麻镇 西寨镇 梅川镇 西江镇 闾井镇 十里镇 茶埠镇 中寨镇 清水镇 寺沟镇 麻子川镇 禾驮镇 维新镇 秦许乡 马坞镇 锁龙乡 申都乡"
    ),
}
_HEADS = "上下前后东西南北中大小新老高"
_MIDDLES = ("家", "河", "山", "坪", "泉", "石", "沙", "杨", "柳", "红", "花")
_TAILS = ("湾村", "岔村", "沟村", "川村", "坪村", "岘村", "庄村", "堡村", "梁村", "咀村")


def townships(county: str, few: bool) -> list[str]:
    """Names of a county's townships; the first six when `few`."""
    names = TOWNSHIPS[county].split()
    return names[:6] if few else names


def villages(rng: np.random.Generator, count: int) -> list[list[str]]:
    """About ten distinct village names for each of `count` townships."""
    every = [head + middle + tail for head in _HEADS for middle in _MIDDLES for tail in _TAILS]
    return [[every[index] for index in rng.choice(len(every), int(rng.integers(6, 14)), replace=False)] for _ in range(count)]
