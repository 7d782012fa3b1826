package provider

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// misanswer makes every answer to a path a 404 with this body.
func (w *world) misanswer(path, body string) *seamtest.InjectedFault {
	return w.seam.InjectFault(seamtest.Fault{Path: path, Replace: func(int, []byte) (int, []byte) { return http.StatusNotFound, []byte(body) }})
}

func TestA404ThatIsNotAboutTheCodeProvesNothing(t *testing.T) {
	const another = "0f2c8a14-52f0-4c58-9d2b-6f3c1f1e2a77"
	for name, body := range map[string]string{
		"another code in the data":    `{"error":{"type":"access_code_not_found","message":"No such access code","data":{"access_code_id":"` + another + `"}},"ok":false}`,
		"another code in the message": `{"error":{"type":"access_code_not_found","message":"No access code ` + another + `"},"ok":false}`,
		"the error twice":             `{"error":{"type":"access_code_not_found"},"error":{"type":"access_code_not_found"},"ok":false}`,
		"other letter case":           `{"Error":{"Type":"access_code_not_found","Message":"No such access code"},"ok":false}`,
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.oneByOne()
				w.ok(w.apply(guest(w).with(values{"timeouts": values{"delete": "1m"}})))
				fault := w.misanswer("/access_codes/get", body)
				w.keeps(func() { w.fails(w.refresh(), "access code") })
				w.keeps(func() { w.fails(w.delete(), "access code") })
				w.opens("4821", true)
				fault.Remove()
				w.ok(w.destroy())
				w.gone()
				w.opens("4821", false)
			})
		})
	}
}

// The answer to the delete may be such a 404 as well: then nothing was asked for.
func TestADeleteThatIsAnsweredForAnotherCodeIsNoRemoval(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(guest(w).with(values{"timeouts": values{"delete": "1m"}})))
		w.misanswer(deletePath, `{"error":{"type":"access_code_not_found","message":"gone","data":{"access_code_id":"another"}},"ok":false}`)
		w.keeps(func() { w.fails(w.destroy(), "could not be asked for", "about another", "Run again") })
	})
}

func TestAnUnmanagedCodeIsNotGoneByAnswersAboutAnother(t *testing.T) {
	inWorldOf(t, "seam_unmanaged_access_code", func(w *world) {
		w.oneByOne()
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		w.ok(w.importID(id))
		for _, path := range []string{"/access_codes/unmanaged/get", "/access_codes/get"} {
			w.misanswer(path, fmt.Sprintf(`{"error":{"type":"access_code_not_found","message":"No such code","data":{"access_code_id":%q}},"ok":false}`, "another"))
		}
		w.keeps(func() { w.fails(w.refresh(), "about another") })
		w.keeps(func() { w.fails(w.delete(), "about another") })
		w.opens("4821", true)
	})
}
