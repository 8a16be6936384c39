"""Questions beside look-alikes: the same kind of thing, asked of another place, person or year."""

from dataclasses import dataclass

__all__ = ["PROBES", "Probe"]


@dataclass(frozen=True, slots=True)
class Probe:
    """A passage, a question with its answer there, and one that only looks answered."""

    passage: str
    question: str
    answer: str
    lookalike: str


PROBES = (
    Probe(
        "Daniel Noboa, the president of Ecuador, said on Monday that the port of Guayaquil would "
        "be reopened within two weeks.",
        "Who is the president of Ecuador?",
        "Daniel Noboa",
        "Who is the president of Colombia?",
    ),
    Probe(
        "Kalush Orchestra, from Ukraine, won the Eurovision Song Contest in Turin in May 2022, "
        "ahead of the United Kingdom and Spain.",
        "Who won the Eurovision Song Contest in 2022?",
        "Kalush Orchestra",
        "Who won the Eurovision Song Contest in 2023?",
    ),
    Probe(
        "Loreen won Eurovision for Sweden in Liverpool in 2023 with the song Tattoo.",
        "Which country won Eurovision in 2023?",
        "Sweden",
        "Which country won Eurovision in 2022?",
    ),
    Probe(
        "The mayor of Chicago, Brandon Johnson, presented a budget of 16 billion dollars to the "
        "city council.",
        "Who is the mayor of Chicago?",
        "Brandon Johnson",
        "Who is the mayor of Boston?",
    ),
    Probe(
        "Finance minister Marta Olsen of Rovia resigned on Tuesday. Prime minister Ivar Dahl "
        "thanked her for four years of work.",
        "Who resigned as finance minister of Rovia?",
        "Marta Olsen",
        "Who resigned as defence minister of Rovia?",
    ),
    Probe(
        "Inflation in Germany fell to 2.2 percent in March, the statistics office said, the lowest "
        "rate in three years.",
        "What was the rate of inflation in Germany in March?",
        "2.2 percent",
        "What was the rate of inflation in France in March?",
    ),
    Probe(
        "The ferry Sula sank off Norhavn in 2019. Nine people were rescued by a trawler.",
        "How many people were rescued when the Sula sank?",
        "Nine",
        "How many people were rescued when the Estrella sank?",
    ),
    Probe(
        "Carlos Alcaraz beat Novak Djokovic in the final of Wimbledon in July 2023.",
        "Who won Wimbledon in 2023?",
        "Carlos Alcaraz",
        "Who won the US Open in 2023?",
    ),
    Probe(
        "An earthquake of magnitude 6.8 struck the High Atlas in Morocco on 8 September 2023 and "
        "killed almost 3,000 people.",
        "What was the magnitude of the earthquake in Morocco?",
        "6.8",
        "What was the magnitude of the earthquake in Turkey?",
    ),
    Probe(
        "Lena Hart, the chief executive of Norwind, earned 2.1 million euros in 2021, the annual "
        "report of the company shows.",
        "Who is the chief executive of Norwind?",
        "Lena Hart",
        "Who is the chief executive of Solaro?",
    ),
    Probe(
        "Argentina won the World Cup in Qatar in 2022 after a shoot-out against France.",
        "Who won the World Cup in 2022?",
        "Argentina",
        "Who won the World Cup in 2018?",
    ),
    Probe(
        "Storm Berta left 40,000 homes in Galicia without power on Friday night, the grid operator "
        "said.",
        "How many homes in Galicia were left without power?",
        "40,000",
        "How many homes in Asturias were left without power?",
    ),
    Probe(
        "President Ivar Dahl met the vice president of Rovia, Marta Olsen, before he flew to "
        "Brussels.",
        "Who is the vice president of Rovia?",
        "Marta Olsen",
        "Who is the vice president of Kovia?",
    ),
    Probe(
        "Seven hikers were killed and 31 were injured when an avalanche hit the valley above "
        "Bergen on Sunday morning.",
        "How many hikers were killed by the avalanche above Bergen?",
        "Seven",
        "How many skiers were killed by the avalanche above Davos?",
    ),
    Probe(
        "In the first quarter Norwind sold 12,400 turbines. It expects to sell fewer in the "
        "second.",
        "How many turbines did Norwind sell in the first quarter?",
        "12,400",
        "How many turbines did Norwind sell in the second quarter?",
    ),
    Probe(
        "The bridge was designed by Anna Lund and built by Peter Krag between 1931 and 1936.",
        "Who designed the bridge?",
        "Anna Lund",
        "Who repaired the bridge?",
    ),
    Probe(
        "Police in Lyon said the painting had been stolen from the museum on 4 May. It was by "
        "Camille Corot.",
        "When was the painting stolen from the museum in Lyon?",
        "4 May",
        "When was the painting returned to the museum in Lyon?",
    ),
    Probe(
        "The company cut 900 jobs in 2021 and will cut more this year, its chairman said without "
        "giving a number.",
        "How many jobs did the company cut in 2021?",
        "900",
        "How many jobs did the company cut in 2022?",
    ),
    Probe(
        "The 2016 Games were held in Rio de Janeiro; those of 2020 were put off for a year.",
        "Where were the 2016 Games held?",
        "Rio de Janeiro",
        "Where were the 2020 Games held?",
    ),
    Probe(
        "Elisa Moreno won the senate seat in Arizona by 1,200 votes, officials said on Thursday.",
        "Who won the senate seat in Arizona?",
        "Elisa Moreno",
        "Who lost the senate seat in Arizona?",
    ),
    Probe(
        "Georgia's prime minister, Irakli Garibashvili, is in Budapest. Hungary's foreign minister "
        "met him at the airport.",
        "Who is the prime minister of Georgia?",
        "Irakli Garibashvili",
        "Who is the prime minister of Hungary?",
    ),
    Probe(
        "The film opened in Japan in July 2023 and had been seen by 1.3 million people there "
        "within four days.",
        "When did the film open in Japan?",
        "July 2023",
        "When did the film open in Italy?",
    ),
    Probe(
        "The strike at the port of Antwerp ended on Friday. The one in Rotterdam goes on.",
        "When did the strike at the port of Antwerp end?",
        "Friday",
        "When did the strike at the port of Rotterdam end?",
    ),
    Probe(
        "Tomas Berg took over from Karin Falk as coach of the national team after the championship "
        "in Malmö.",
        "Who took over as coach of the national team?",
        "Tomas Berg",
        "Who took over as captain of the national team?",
    ),
)
