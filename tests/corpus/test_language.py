import pytest

from corpus.language import detect_language

SAID = {
    "en": "The ferry Sula sank off Norhavn on Tuesday, and nine people were rescued.",
    "de": "Die Reparatur der Steinbrücke kostet 2,3 Millionen Euro, sagte der Bürgermeister.",
    "fr": "La réparation du vieux pont coûtera deux millions d’euros, a annoncé la mairie mardi.",
    "es": "La reparación del puente costará dos millones de euros, dijo el alcalde el martes.",
    "it": "La riparazione del ponte costerà due milioni di euro, ha detto il sindaco.",
    "nl": "De reparatie van de brug kost twee miljoen euro, zei de burgemeester dinsdag.",
    "pt": "A reparação da ponte custará dois milhões de euros, disse o presidente da câmara.",
    "sv": "Reparationen av bron kostar två miljoner kronor, sade borgmästaren på tisdagen.",
    "pl": "Naprawa mostu będzie kosztować dwa miliony złotych, powiedział burmistrz.",
    "ru": "Ремонт моста обойдётся в два миллиона рублей, сообщил мэр во вторник.",
    "ar": "قال رئيس البلدية يوم الثلاثاء إن إصلاح الجسر سيكلف مليوني دولار.",
    "hi": "मेयर ने मंगलवार को कहा कि पुल की मरम्मत में दो करोड़ रुपये लगेंगे।",
    "zh": "市长星期二表示，修复这座桥将花费两百万元。市议会将于下周投票决定。",
    "ja": "市長は火曜日、橋の修理に二百万円かかると述べた。",
    "ko": "시장은 화요일 다리 수리에 2백만 원이 들 것이라고 말했다.",
}


@pytest.mark.parametrize("code", SAID)
def test_a_language_is_told_by_its_words(code: str) -> None:
    assert detect_language(SAID[code]) == code
    assert detect_language(f"{SAID[code]} " * 20) == code


@pytest.mark.parametrize("text", ["", "Tram 4", "1,200 of 14", "Poll", "ABC 17", "—" * 50])
def test_what_is_too_short_is_left_open(text: str) -> None:
    assert detect_language(text) is None
