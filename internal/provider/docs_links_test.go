package provider

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	linkPattern    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	headingPattern = regexp.MustCompile(`(?m)^#+ (.+)$`)
	anchorPattern  = regexp.MustCompile(`<a id="([^"]+)">`)
	fencePattern   = regexp.MustCompile("(?s)\n *```.*?\n *```")
	notInAnAnchor  = regexp.MustCompile(`[^a-z0-9 _-]`)
)

// Does each link in the documentation lead to a page, and to a heading of it?
func TestDocs_linksLeadToPagesAndHeadings(t *testing.T) {
	pages := []string{"README.md", "CONTRIBUTING.md", "SECURITY.md"}
	for _, pattern := range []string{"docs/*.md", "docs/*/*.md"} {
		found, err := filepath.Glob(filepath.Join("../..", pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("no %s (%v)", pattern, err)
		}
		for _, page := range found {
			pages = append(pages, strings.TrimPrefix(page, "../../"))
		}
	}
	links := 0
	for _, page := range pages {
		for _, link := range linkPattern.FindAllStringSubmatch(readPage(t, page), -1) {
			if !strings.Contains(link[1], "://") {
				links++
				checkLink(t, page, link[1])
			}
		}
	}
	if links < 100 {
		t.Errorf("only %d links were found", links)
	}
}

// Does the first page lead to each guide?
func TestDocs_indexLinksToEachGuide(t *testing.T) {
	guides, err := filepath.Glob("../../docs/guides/*.md")
	if err != nil || len(guides) == 0 {
		t.Fatalf("no guides (%v)", err)
	}
	index := readPage(t, "docs/index.md")
	for _, guide := range guides {
		if link := "](guides/" + filepath.Base(guide) + ")"; !strings.Contains(index, link) {
			t.Errorf("docs/index.md does not link to %s", guide)
		}
	}
}

// readPage returns the text of a page without its code.
func readPage(t *testing.T, page string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../..", page))
	if err != nil {
		t.Fatal(err)
	}
	return fencePattern.ReplaceAllString(string(text), "")
}

func checkLink(t *testing.T, page, link string) {
	t.Helper()
	target, fragment, _ := strings.Cut(link, "#")
	linked := page
	if target != "" {
		linked = filepath.Join(filepath.Dir(page), target)
	}
	if _, err := os.Stat(filepath.Join("../..", linked)); err != nil {
		t.Errorf("%s links to %s, which does not exist", page, link)
		return
	}
	if fragment != "" && !anchors(readPage(t, linked))[fragment] {
		t.Errorf("%s links to %s, which has no such heading", page, link)
	}
}

// anchors are the fragments that headings and explicit anchors have.
func anchors(text string) map[string]bool {
	all := map[string]bool{}
	for _, heading := range headingPattern.FindAllStringSubmatch(text, -1) {
		plain := notInAnAnchor.ReplaceAllString(strings.ToLower(heading[1]), "")
		all[strings.ReplaceAll(plain, " ", "-")] = true
	}
	for _, anchor := range anchorPattern.FindAllStringSubmatch(text, -1) {
		all[anchor[1]] = true
	}
	return all
}
