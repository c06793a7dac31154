package porttest

import (
	"strings"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func userSearches() []testCase {
	return []testCase{
		{"a search finds every word, in any order and case", searchFindsWords},
		{"a search finds beginnings of words, and parts of an address", searchFindsBeginnings},
		{"a search folds case, accents and ligatures both ways", searchFolds},
		{"a search finds letters that are written in two ways, both ways", searchFindsVariants},
		{"a search finds names with or without joiners, apostrophes and hyphens", searchIgnoresJoiners},
		{"a search finds names in scripts without spaces with or without a space", searchCrossesSpaces},
		{"a search corrects typing errors where it finds no other user", searchCorrects},
		{"phrases are adjacent words, and a minus excludes", searchPhrases},
		{"a search puts the exact username or address first, then words, then beginnings, the newest first", searchIsOrdered},
		{"pages of a search have each user once", searchPages},
		{"a search applies its filter", searchFilters},
		{"a search finds a renamed user by the new name alone", searchSeesRenames},
		{"a search finds no words of erased users", searchForgets},
		{"a search omits suspended and deleted users unless asked", searchOmits},
	}
}

func (f *fixture) search(in ports.SearchUsers, term string) ports.FoundUsers {
	f.Helper()
	in.Term = must[domain.SearchTerm](f)(domain.ParseSearchTerm(term))
	if in.Limit == (domain.PageSize{}) {
		in.Limit = domain.DefaultSearchSize
	}
	return must[ports.FoundUsers](f)(f.Users.SearchUsers(f.Context(), in))
}

func (f *fixture) finds(term string, want ...domain.User) {
	f.Helper()
	sameList(f, "found by "+term, plainUsers(f.search(ports.SearchUsers{}, term)), want)
}

func plainUsers(found ports.FoundUsers) []domain.User {
	var users []domain.User
	for _, each := range found.Items {
		users = append(users, each.User)
	}
	return users
}

// named makes a user with a display name.
func (f *fixture) named(username, name string) domain.User {
	f.Helper()
	user := f.newUser(username)
	user.DisplayName = displayName(f, name)
	return must[domain.User](f)(f.create(user))
}

func searchFindsWords(f *fixture) {
	ada := f.named("ada.lovelace-1815", "Ada King, Countess of Lovelace")
	li := f.named("li", "李小龍 Nguyễn")
	for _, term := range []string{
		"ada", "ADA", "lovelace ada", "countess 1815", "ada.lovelace-1815", "ada lovelace 1815 of",
		"ada.lovelace-1815@example.com", "Ada.Lovelace-1815@EXAMPLE.com",
	} {
		f.finds(term, ada)
	}
	for _, term := range []string{"李小龍", "小龍", "龍", "nguyễn li"} {
		f.finds(term, li)
	}
	f.finds("example", li, ada)
	for _, term := range []string{"grace", "ada grace", "ada.lovelace@example.org", "ada zzzzzz"} {
		f.finds(term)
	}
}

func searchFindsBeginnings(f *fixture) {
	ada := f.named("ada", "Ada Lovelace")
	obrien := f.named("ob", "Siobhán O'Brien-Smith")
	f.finds("lov", ada)
	f.finds("lovel ad", ada)
	f.finds("@exam", obrien, ada)
	f.finds("@example.com", obrien, ada)
	for _, term := range []string{"obrien", "o'brien", "O’Brien", "brien", "o'brien-smith", "smith siobhan"} {
		f.finds(term, obrien)
	}
}

func searchCorrects(f *fixture) {
	smith := f.named("s1", "Johnny Smith")
	alexandra := f.named("s2", "Alexandra Papadopoulos")
	f.finds("smiht", smith)
	f.finds("smth jonny", smith)
	f.finds("joh smiht", smith)
	f.finds("smiht joh", smith)
	f.finds("papadopuolos", alexandra)
	f.finds("papdopoulus alexnadra", alexandra)
	f.finds(`"smiht"`)
	f.finds(`"johnny smith" exmaple`, smith)
	f.finds(`"smith johnny" exmaple`)
	f.finds("jhn")
	found := f.search(ports.SearchUsers{}, "smiht")
	if len(found.Items) != 1 || found.Items[0].Match != domain.MatchSimilar || strings.Join(found.Corrections, " ") != "smith" {
		f.Errorf("found %v instead %q, want smith as similar", found.Items, found.Corrections)
	}
	smiht := f.named("s3", "Smiht")
	f.finds("smiht", smiht)
}

func searchPhrases(f *fixture) {
	ob := f.named("ob", "Pat O'Brien")
	li := f.named("li", "Bruce 李小龍 Chan")
	am := f.named("am", "Anne-Marie Dupont")
	f.finds("pat o'brien", ob)
	f.finds(`"pat o'brien"`, ob)
	f.finds(`"o'brien"`, ob)
	f.finds(`"小龍 chan"`, li)
	f.finds(`dupont -"pat o'brien"`, am)
	f.finds(`example -"pat o’brien"`, am, li)
	f.finds(`"anne-marie dupont"`, am)
	f.finds("annemarie", am)
	f.finds(`"李小龍"`, li)
	f.finds(`"bruce 李小龍"`, li)
	f.finds(`"李小龍 chan"`, li)
	f.finds(`"am@example.com"`, am)
	f.finds(`-"am@example.com" -li@example.com example`, ob)
	f.finds(`"am@example"`)
	ada := f.named("a1", "Ada Lovelace King")
	king := f.named("a2", "King Lovelace Ada")
	f.finds("ada king", king, ada)
	f.finds(`"ada lovelace"`, ada)
	f.finds(`"lovelace king"`, ada)
	f.finds(`"lovelace kin"`)
	f.finds(`lovelace -"ada lovelace"`, king)
	f.finds("lovelace -a1", king)
	f.named("a3", "Lovelaces Adas")
	for _, term := range []string{"Lovelace -LOVELÁCE", `ada "lovelace king" -king`, "anne-marie -anne-marie"} {
		f.finds(term)
	}
}

func searchIsOrdered(f *fixture) {
	turing := f.user("Turing")
	prefixed := f.user("turingia")
	older, newer := f.newUser("alan.turing"), f.newUser("turing.a")
	for _, user := range []domain.User{newer, older} {
		must[domain.User](f)(f.create(user))
	}
	f.finds("turing", turing, newer, older, prefixed)
	f.finds("turing@example.com", turing, newer, older, prefixed)
	f.finds("ALAN.turing", older)
	var matches []string
	for _, each := range f.search(ports.SearchUsers{}, "turing").Items {
		matches = append(matches, each.Match.String())
	}
	if got := strings.Join(matches, " "); got != "exact words words prefix" {
		f.Errorf("the matches are %s", got)
	}
}

func searchPages(f *fixture) {
	for i := range 7 {
		f.named("page"+string(rune('a'+i)), "Turing")
		f.named("turinga"+string(rune('a'+i)), "Nobody")
	}
	all := f.search(ports.SearchUsers{}, "turing").Items
	if len(all) != 14 {
		f.Fatalf("found %d, want 14", len(all))
	}
	for _, term := range []string{"turing", "turing -page", "turing example"} {
		for size := 1; size <= 5; size++ {
			var got []ports.FoundUser
			in := ports.SearchUsers{Limit: f.size(size)}
			for more := true; more; more = in.After != nil {
				page := f.search(in, term)
				got, in.After = append(got, page.Items...), page.Next()
			}
			sameList(f, "pages of "+term, got, all)
		}
	}
}

func searchFilters(f *fixture) {
	in := ports.SearchUsers{}
	ada, ben := f.named("ada", "Turing Ada"), f.named("ben", "Turing Ben")
	in.Filter.CreatedFrom = ben.CreatedAt
	sameList(f, "created since", plainUsers(f.search(in, "turing")), []domain.User{ben})
	in.Filter = ports.UserFilter{CreatedTo: ben.CreatedAt}
	sameList(f, "created before", plainUsers(f.search(in, "turing")), []domain.User{ada})
	in.Filter = ports.UserFilter{EmailDomain: must[domain.EmailDomain](f)(domain.ParseEmailDomain("example.org"))}
	sameList(f, "of another domain", plainUsers(f.search(in, "turing")), nil)
}

func searchesMembers(f *fixture) {
	ada, ben := f.named("ada", "Turing Ada"), f.named("ben", "Turing Ben")
	f.named("cho", "Turing Cho")
	org := f.organization("acme", ada.ID)
	f.member(org.ID, ben.ID, domain.Member)
	in := ports.SearchUsers{Filter: ports.UserFilter{Organization: org.ID}}
	for _, term := range []string{"turing", "turing example", "turi"} {
		sameList(f, "members by "+term, plainUsers(f.search(in, term)), []domain.User{ben, ada})
	}
	in.Filter.Role = domain.Owner
	sameList(f, "owners", plainUsers(f.search(in, "turing")), []domain.User{ada})
}

func searchSeesRenames(f *fixture) {
	ada := f.user("ada")
	f.finds("ada", ada)
	names := f.newUser("countess")
	renamed := f.replace(ports.ReplaceUser{
		ID: ada.ID, Username: names.Username, Email: names.Email, DisplayName: displayName(f, "Zoë O'Neil"),
	})
	f.finds("ada")
	f.finds("zoë", renamed)
	f.finds("countess", renamed)
}

func searchForgets(f *fixture) {
	gone := f.named("gone", "Wittgenstein")
	f.finds("wittgenstien", gone)
	if err := f.erased(ports.EraseUser{ID: gone.ID}); err != nil {
		f.Fatal(err)
	}
	f.finds("wittgenstein")
	f.finds("wittgenstien")
}

func searchOmits(f *fixture) {
	active, suspended, gone := f.user("ada.one"), f.newUser("ada.two"), f.user("ada.three")
	suspended.Status = domain.Suspended
	suspended = must[domain.User](f)(f.create(suspended))
	f.remove(gone.ID)
	f.finds("ada", active)
	found := f.search(ports.SearchUsers{Filter: ports.UserFilter{Status: domain.Suspended}}, "ada")
	sameList(f, "suspended", plainUsers(found), []domain.User{suspended})
	found = f.search(ports.SearchUsers{Filter: ports.UserFilter{Deleted: domain.OnlyDeleted}}, "ada")
	if len(found.Items) != 1 || found.Items[0].ID != gone.ID {
		f.Errorf("found %v of the deleted", found.Items)
	}
}
