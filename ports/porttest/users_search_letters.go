package porttest

import (
	"fmt"
	"slices"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// findsUser reports an error where a term does not find a user by its own words.
func (f *fixture) findsUser(term string, want domain.User) {
	f.Helper()
	found := f.search(ports.SearchUsers{Limit: domain.MustParse(domain.ParsePageSize(1000))}, term)
	if !slices.ContainsFunc(found.Items, func(hit ports.FoundUser) bool {
		return hit.ID == want.ID && hit.Match < domain.MatchSimilar
	}) {
		f.Errorf("%q (%+q) does not find %q (%+q)", term, term, want.DisplayName, want.DisplayName)
	}
}

func searchFolds(f *fixture) {
	zoe := f.named("z1", "Zoë Łukasz Straße")
	plain := f.named("z2", "Zoe Lukasz Strasse")
	greek := f.named("z3", "ΟΔΥΣΣΕΑΣ Ёлкин")
	for _, term := range []string{"zoe", "ZOË", "zoé lukasz", "STRASSE", "straße"} {
		f.finds(term, plain, zoe)
	}
	f.finds("οδυσσεας", greek)
	f.finds("елкин", greek)
}

// searchFindsVariants takes pairs of names that differ by how they are written.
func searchFindsVariants(f *fixture) {
	for i, pair := range [][2]string{
		// Arabic, Persian, Urdu and Kurdish: yehs, kafs, hehs, alefs, hamza, tatweel,
		// vowel points, presentation forms and digits.
		{"علی", "علي"},
		{"على", "علي"},
		{"کریم", "كريم"},
		{"فاطمة", "فاطمه"},
		{"أحمد", "احمد"},
		{"إبراهيم", "ابراهیم"},
		{"آرش", "ارش"},
		{"ٱلله", "الله"},
		{"رئیس", "رییس"},
		{"رؤوف", "رووف"},
		{"ضیاء", "ضیا"},
		{"محـــمد", "محمد"},
		{"مُحَمَّد", "محمد"},
		{"ہمایوں", "همایوں"},
		{"لیلیٰ", "ليلى"},
		{"کوردە", "كورده"},
		{"\ufecb\ufee0\ufef2", "علی"},
		{"علی ۱۲۳", "علي ١٢٣"},
		{"علی ۱۲۳", "علی 123"},
		// Hebrew: final forms, points, maqaf and geresh.
		{"פיליפ", "פיליף"},
		{"שָׁלוֹם", "שלום"},
		{"בן־גוריון", "בן-גוריון"},
		{"ג׳ורג׳", "ג'ורג'"},
		// Devanagari and other Indic scripts.
		{"आनन्द", "आनंद"},
		{"अम्बिका", "अंबिका"},
		{"चाँद", "चांद"},
		{"\u095b\u093e\u0915\u093f\u0930", "\u091c\u093e\u0915\u093f\u0930"},
		{"\u0d05\u0d28\u0d4d\u200d", "\u0d05\u0d7b"},
		{"वर्मा ९", "वर्मा 9"},
		// Kana: hiragana, katakana of both widths, small kana.
		{"たなか", "タナカ"},
		{"タガワ", "ﾀｶﾞﾜ"},
		{"ジャパン", "ジヤパン"},
		{"関ヶ原", "関ケ原"},
		// Latin, Greek and Cyrillic.
		{"Ａｄａ　Ｌｏｖｅｌａｃｅ", "Ada Lovelace"},
		{"Weiß", "Weiss"},
		{"Işıl", "Isil"},
		{"Əliyev", "Aliyev"},
		{"Ɓala Ƙofa", "Bala Kofa"},
		{"ΟΔΥΣΣΕΥΣ", "Οδυσσευς"},
		{"Ґудзь", "Гудзь"},
		// Hangul: syllables, and letters of which they are made.
		{"\uae40\uac00", "\u1100\u1175\u11b7\u3131\u314f"},
	} {
		for j, name := range pair {
			user := f.named(fmt.Sprintf("variant-%d-%d", i, j), name)
			f.findsUser(pair[0], user)
			f.findsUser(pair[1], user)
		}
	}
}

// searchIgnoresJoiners takes names with characters that people leave out, or write
// as another.
func searchIgnoresJoiners(f *fixture) {
	for i, c := range []struct {
		stored string
		asked  []string
	}{
		{"می\u200cخواهم", []string{"میخواهم", "می\u200cخواهم", "می خواهم"}},
		{"علی\u200cرضا محمدی", []string{"علیرضا", "علی رضا", `"علیرضا محمدی"`, `"علی رضا محمدی"`}},
		{"میخواهم", []string{"می\u200cخواهم", "مي\u200dخواهم"}},
		{"Donau\u00addampf", []string{"Donaudampf", "donau\u00addam"}},
		{"Mar\u2060tha \ufeffKing\u200b", []string{"martha king", "mar\u200dtha"}},
		{"Ada\u200bLovelace", []string{"adalovelace", "ada lovelace"}},
		{"Ada\u00a0Lovelace\u202fKing", []string{"ada lovelace king", `"lovelace king"`}},
		{"O’Brien", []string{"O'Brien", "OBrien", "Oʼbrien", "O`Brien", "o brien", "O＇Brien"}},
		{"Oʼbrien", []string{"O'Brien", "OBrien", "O’Brien", "o brien"}},
		{"OBrien", []string{"O'Brien", "O’Brien", "O′Brien", "Oʼbrien"}},
		{"Kaʻahumanu", []string{"Kaahumanu", "Ka'ahumanu", "ka‘ahumanu"}},
		{"Лук’янова", []string{"Лук'янова", "Лукянова"}},
		{"Gal·la", []string{"galla", "gal·la", "Gal.la"}},
		{"Jean\u2010Luc", []string{"Jean-Luc", "Jean Luc", "JeanLuc", `"jean luc"`, "Jean\u2011Luc"}},
		{"Jean-Luc", []string{"Jean\u2011Luc", "Jean\u2013Luc", "Jean\u2212Luc", "JeanLuc", "Jean\uff0dLuc"}},
		{"Jean Luc", []string{"Jean\u2010Luc", "Jean\u2014Luc"}},
		{"Anne\u2212Marie", []string{"anne-marie", "annemarie", "anne marie"}},
		{"בן־גוריון", []string{"בן גוריון", "בןגוריון"}},
	} {
		user := f.named(fmt.Sprintf("joiner-%d", i), c.stored)
		if user.DisplayName.String() != c.stored {
			f.Errorf("%+q is stored as %+q", c.stored, user.DisplayName)
		}
		for _, term := range c.asked {
			f.findsUser(term, user)
		}
	}
}

// searchCrossesSpaces takes names in scripts that need no spaces.
func searchCrossesSpaces(f *fixture) {
	for i, written := range [][]string{
		{"山田太郎", "山田 太郎", "山田　太郎", "山田・太郎", "山田\u200b太郎", "山 田太郎", "山田-太郎"},
		{"김민수", "김 민수", "김\u00a0민수", "김민 수"},
		{"สมชายใจดี", "สมชาย ใจดี"},
		{"金大中", "金 大 中", "金 大中"},
		{"ジャンリュック", "ジャン・リュック", "ジャン゠リュック", "ｼﾞｬﾝ ﾘｭｯｸ"},
		{"សុខសាន្ត", "សុខ សាន្ត"},
	} {
		for j, name := range written {
			user := f.named(fmt.Sprintf("spaces-%d-%d", i, j), name)
			for _, term := range written {
				f.findsUser(term, user)
			}
		}
		compact := f.named(fmt.Sprintf("spaces-%d", i), "Bo "+written[1]+" Li")
		f.findsUser(`"`+written[0]+`"`, compact)
		f.findsUser("bo "+written[0], compact)
	}
	other := f.named("spaces-other", "太郎 山田")
	if slices.ContainsFunc(f.search(ports.SearchUsers{}, "山田太郎").Items, func(hit ports.FoundUser) bool { return hit.ID == other.ID }) {
		f.Error("山田太郎 finds 太郎 山田")
	}
}
