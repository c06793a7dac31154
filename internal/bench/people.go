package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// person is a generated user.
type person struct {
	ID          string    `json:"id"`
	Username    string    `json:"username"`
	Email       string    `json:"email"`
	DisplayName string    `json:"display_name"`
	CreatedAt   time.Time `json:"created_at"`
	// given and family are the parts of the name in Latin letters, as written.
	given, family string
}

var (
	givenNames = strings.Fields(`Ada Will May Grace Alan Barbara Edsger Radia Donald Margaret John Mary James Linda Robert Susan
		Michael Karen David Nancy Zoë Noël Renée José María Begoña Andrés Iñaki Jürgen Jörg Käthe
		Günther Søren Åsa Björn Łukasz Małgorzata Jagoda Šimon Žofie Jiří Ștefan Ioana Gül
		Doğan Çağla İpek Þór Ásta Máté Zsófia Anikó Thảo Đức Khánh Anne-Marie Mary-Jane
		Jean-Luc Siobhán Niamh Oisín Aoife Giulia Matteo Chiara Fatima Omar Layla Yusuf Amina Tariq Priya
		Arjun Ananya Rohan Kavya Chinedu Ngozi Adaeze Kwame Abena Amara Tendai Mei Hiroshi Yuki Jiwoo Minjun
		Oksana Dmytro Natalya Sergei Anastasia Vladimir Eleni Giorgos Athina Tamar Eitan Noa Marcus Otis
		Rose Violet Hazel Jasper Felix Clara Hugo Alice`)
	stems = strings.Fields(`Hart Wolf Berg Kow Schn Nov Mar Pet Jan Fern Gonz Rodr Alv Lind Dahl Holm Strand Sand Bach Stein
		Rosen Gold Silber Gut Hoch Brandt Vogel Keller Krüg Müll Bäck Grün Lów Żół Wiś Dąbr Šim
		Dvoř Kováč Hor Čer Pop Ion Dum Petr Ivan Sok Mor Lav Rouss Desp Côt Lefè Beaum Villen Castell
		Mont Serr Ross Bianch Ferr Okon Adey Chuk Mens Owus Haid Najj Sul Khal Sharm Pat Gupt Chaudh Iyen
		Tan Wat Yamam Kob Nak`)
	middles = strings.Fields(`a e i o u er en al an ar el in on ol or is us am ad et ik ov av em il un ing el ell est ast ock ick
		ath eth orn ard`)
	suffixes = strings.Fields(`mann ski son sen ova etti eau ez dóttir escu akis ian ford ley ton wood well ström qvist berg
		stein enko chuk ić ovic ini elli ardo ère aud er ing wald bach feld`)
	simple = strings.Fields(`Smith Jones Brown Walker Wright Hill Bennett Turing Hopper Lovelace Hamilton Liskov Kim Park Singh
		Khan Silva Santos Ali Garcia O'Neil O'Brien D'Arcy McDonald MacLeod St-John Nguyễn Phạm Lê
		Müller Schmidt Öztürk Yáñez Muñoz`)
	surnames = []rune("王李張劉陳楊趙黃周吳徐孫胡朱高林何郭馬羅")
	names    = []rune("偉芳娜敏靜麗強磊軍洋勇艷傑娟濤明超秀英霞平剛桂文華建國紅玉志海春燕子軒宇浩然雨欣怡涵梓晨")
	nouns    = strings.Fields(`amber blue cedar copper ember falcon golden granite harbor iron lunar orchid pioneer river silver
		summit bright north delta quartz`)
	trades = strings.Fields(`analytics systems labs foods mills motors studio works energy health books media logistics design
		robotics bank travel press garden textiles`)
)

// people generates users, the same each time. Five in a hundred have Chinese names.
// Family names are as unevenly spread as real ones: one in a hundred users has the
// most frequent name, and most names have a few users.
func people(n int) []person {
	random := rand.New(rand.NewPCG(1815, uint64(n))) //nolint:gosec // n is not negative
	taken := make(map[string]int, n)
	start := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	all := make([]person, n)
	for i := range all {
		p := &all[i]
		if random.IntN(20) == 0 {
			p.given = string([]rune{names[random.IntN(len(names))], names[random.IntN(len(names))]})
			p.family = string(surnames[skewed(random, len(surnames))])
			p.DisplayName = p.family + p.given
			p.Username = "user" + fmt.Sprint(i)
		} else {
			p.given, p.family = givenNames[skewed(random, len(givenNames))], familyName(random)
			p.DisplayName = p.given + " " + p.family
			p.Username = plainLetters(p.given) + "." + plainLetters(p.family)
		}
		if taken[p.Username]++; taken[p.Username] > 1 {
			p.Username += fmt.Sprint(taken[p.Username])
		}
		p.Email = p.Username + "@" + nouns[random.IntN(len(nouns))] + "-" + trades[random.IntN(len(trades))] + ".example"
		p.CreatedAt = start.Add(time.Duration(i) * time.Minute)
		p.ID = fmt.Sprintf("%08x-0000-7000-8000-%012x", i>>8, i)
	}
	return all
}

func familyName(random *rand.Rand) string {
	if random.IntN(4) == 0 {
		return simple[skewed(random, len(simple))]
	}
	// Small seeds, and so their names, are frequent.
	seed := rand.New(rand.NewPCG(uint64(skewed(random, 40_000)), 7)) //nolint:gosec // it is not negative
	name := stems[seed.IntN(len(stems))]
	if seed.IntN(2) == 0 {
		name += middles[seed.IntN(len(middles))]
	}
	return name + suffixes[seed.IntN(len(suffixes))]
}

// skewed returns a random number below n. Small ones are more frequent.
func skewed(random *rand.Rand, n int) int {
	x := random.Float64()
	return int(float64(n) * x * x)
}

var ligatures = strings.NewReplacer("ß", "ss", "ł", "l", "ø", "o", "đ", "d", "þ", "th", "æ", "ae", "ı", "i")

// folded returns a text in lower case without marks.
func folded(text string) string {
	return ligatures.Replace(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(text)))
}

// plainLetters returns the letters of a name that a username may have.
func plainLetters(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, folded(name))
}
