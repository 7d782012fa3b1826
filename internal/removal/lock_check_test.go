package removal

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
)

// What a lock lists after a removal: clear, doubtful or certain?
func TestLockCheck_evaluatesListedCodes(t *testing.T) {
	const (
		lock  = "lock-1"
		clear = iota
		certain
		doubtful
	)
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	at := func(minutes int) seam.Timestamp {
		return seam.Timestamp{Time: noon.Add(time.Duration(minutes) * time.Minute)}
	}
	// The code was made an hour before noon and its removal asked for at noon. It had PIN 4821.
	made, ask, changed := baseline{at: noon.Add(-time.Hour)}, baseline{at: noon}, baseline{at: noon.Add(-30 * time.Minute)}
	asked := lockCheck{deviceID: lock, codeIDs: []string{"code-1"}, pins: []string{"4821"}, baselines: []baseline{ask}}
	with := func(change func(*lockCheck)) lockCheck {
		k := asked
		change(&k)
		return k
	}
	noAsk := with(func(k *lockCheck) { k.baselines = []baseline{made} })
	noPIN := with(func(k *lockCheck) { k.pins, k.baselines = nil, []baseline{ask, made} })
	// Right before the request, the lock listed two unmanaged codes.
	listed := with(func(k *lockCheck) { k.baselines = []baseline{{noon, []string{"unrelated", "entry-0"}}} })
	// The PIN was changed half an hour before noon, and that the old one left was not proven.
	unproven := with(func(k *lockCheck) { k.baselines = []baseline{ask, changed} })
	unknown := with(func(k *lockCheck) { k.baselines, k.unknownPINSince = []baseline{ask, changed}, &changed })
	type testCase struct {
		check lockCheck
		entry seam.AccessCode
		want  int
	}
	clienttest.ForEach(t, map[string]testCase{
		"the same PIN":                                                 {asked, seam.AccessCode{Code: "4821", CreatedAt: at(-999)}, certain},
		"the same PIN, no time":                                        {asked, seam.AccessCode{Code: "4821"}, certain},
		"the same id":                                                  {asked, seam.AccessCode{ID: "code-1", CreatedAt: at(-999)}, certain},
		"the same id, another PIN":                                     {asked, seam.AccessCode{ID: "code-1", Code: "7777", CreatedAt: at(-999)}, certain},
		"the same PIN, lock not named":                                 {asked, seam.AccessCode{DeviceID: "-", Code: "4821"}, certain},
		"the same PIN on another lock":                                 {asked, seam.AccessCode{DeviceID: "lock-2", Code: "4821", CreatedAt: at(1)}, clear},
		"the same id on another lock":                                  {asked, seam.AccessCode{DeviceID: "lock-2", ID: "code-1", CreatedAt: at(1)}, clear},
		"an unreadable PIN on another lock":                            {asked, seam.AccessCode{DeviceID: "lock-2", CreatedAt: at(1)}, clear},
		"another PIN, since the request":                               {asked, seam.AccessCode{Code: "7777", CreatedAt: at(1)}, clear},
		"another PIN, no time":                                         {asked, seam.AccessCode{Code: "7777"}, clear},
		"a longer PIN that begins the same":                            {asked, seam.AccessCode{Code: "48210", CreatedAt: at(1)}, clear},
		"no PIN, before the request":                                   {asked, seam.AccessCode{CreatedAt: at(-1)}, clear},
		"no PIN, at the request":                                       {asked, seam.AccessCode{CreatedAt: at(0)}, doubtful},
		"no PIN, since the request":                                    {asked, seam.AccessCode{CreatedAt: at(1)}, doubtful},
		"no PIN, no time":                                              {asked, seam.AccessCode{}, doubtful},
		"masked, before the request":                                   {asked, seam.AccessCode{Code: "****", CreatedAt: at(-1)}, clear},
		"masked, since the request":                                    {asked, seam.AccessCode{Code: "****", CreatedAt: at(1)}, doubtful},
		"half masked, since the request":                               {asked, seam.AccessCode{Code: "**21", CreatedAt: at(1)}, doubtful},
		"half masked, before the request":                              {asked, seam.AccessCode{Code: "**21", CreatedAt: at(-1)}, clear},
		"not asked: no PIN, older":                                     {noAsk, seam.AccessCode{CreatedAt: at(-61)}, clear},
		"not asked: no PIN, younger":                                   {noAsk, seam.AccessCode{CreatedAt: at(-59)}, doubtful},
		"not asked: another PIN, younger":                              {noAsk, seam.AccessCode{Code: "7777", CreatedAt: at(-59)}, clear},
		"not asked: the same PIN":                                      {noAsk, seam.AccessCode{Code: "4821", CreatedAt: at(-999)}, certain},
		"PIN unknown: any, older":                                      {noPIN, seam.AccessCode{Code: "7777", CreatedAt: at(-61)}, clear},
		"PIN unknown: any, younger":                                    {noPIN, seam.AccessCode{Code: "7777", CreatedAt: at(-59)}, doubtful},
		"PIN unknown: no PIN, younger":                                 {noPIN, seam.AccessCode{CreatedAt: at(-59)}, doubtful},
		"PIN unknown: no PIN, older":                                   {noPIN, seam.AccessCode{CreatedAt: at(-61)}, clear},
		"PIN unknown: no time":                                         {noPIN, seam.AccessCode{Code: "7777"}, doubtful},
		"PIN unknown: the same id":                                     {noPIN, seam.AccessCode{ID: "code-1", CreatedAt: at(-999)}, certain},
		"a residual, with any PIN":                                     {with(func(k *lockCheck) { k.residualIDs = []string{"residual"} }), seam.AccessCode{ID: "residual", Code: "7777", CreatedAt: at(-999)}, certain},
		"a residual without a PIN":                                     {with(func(k *lockCheck) { k.residualIDs = []string{"residual"} }), seam.AccessCode{ID: "residual", CreatedAt: at(-999)}, certain},
		"not the residual":                                             {with(func(k *lockCheck) { k.residualIDs = []string{"residual"} }), seam.AccessCode{ID: "other", Code: "7777", CreatedAt: at(1)}, clear},
		"one of two PINs":                                              {with(func(k *lockCheck) { k.pins = []string{"9999", "4821"} }), seam.AccessCode{Code: "4821", CreatedAt: at(-999)}, certain},
		"letters, the same PIN":                                        {with(func(k *lockCheck) { k.pins = []string{"AB12"} }), seam.AccessCode{Code: "AB12", CreatedAt: at(-999)}, certain},
		"letters, another PIN, since":                                  {asked, seam.AccessCode{Code: "AB12", CreatedAt: at(1)}, doubtful},
		"unproven change: no PIN, before it":                           {unproven, seam.AccessCode{CreatedAt: at(-31)}, clear},
		"unproven change: no PIN, since it":                            {unproven, seam.AccessCode{CreatedAt: at(-29)}, doubtful},
		"unproven change: another PIN, since, and both PINs are known": {unproven, seam.AccessCode{Code: "7777", CreatedAt: at(-29)}, clear},
		"unproven change, old PIN unknown: any PIN, since":             {unknown, seam.AccessCode{Code: "7777", CreatedAt: at(-29)}, doubtful},
		"unproven change, old PIN unknown: any PIN, before it":         {unknown, seam.AccessCode{Code: "7777", CreatedAt: at(-31)}, clear},
		"unproven change, old PIN unknown: no time":                    {unknown, seam.AccessCode{Code: "7777"}, doubtful},
		"unproven change, old PIN unknown: no PIN, before it":          {unknown, seam.AccessCode{CreatedAt: at(-31)}, clear},
		"unproven change, old PIN unknown: the new PIN":                {unknown, seam.AccessCode{Code: "4821", CreatedAt: at(-999)}, certain},
		"the PIN with a hash at the end":                               {asked, seam.AccessCode{Code: "4821#", CreatedAt: at(1)}, certain},
		"the PIN in groups":                                            {asked, seam.AccessCode{Code: "48 21", CreatedAt: at(-999)}, certain},
		"another PIN in groups":                                        {asked, seam.AccessCode{Code: "77-77", CreatedAt: at(1)}, clear},
		"the PIN without its leading zero":                             {with(func(k *lockCheck) { k.pins = []string{"0482"} }), seam.AccessCode{Code: "482", CreatedAt: at(1)}, certain},
		"the PIN with one more zero":                                   {asked, seam.AccessCode{Code: "04821", CreatedAt: at(1)}, certain},
		"a PIN with a zero in place of another digit":                  {with(func(k *lockCheck) { k.pins = []string{"0482"} }), seam.AccessCode{Code: "4820", CreatedAt: at(1)}, clear},
		"listed before: masked, there before":                          {listed, seam.AccessCode{ID: "entry-0", Code: "****", CreatedAt: at(1)}, clear},
		"listed before: masked, new, however old it says it is":        {listed, seam.AccessCode{Code: "****", CreatedAt: at(-999)}, doubtful},
		"listed before: the PIN, there before":                         {listed, seam.AccessCode{ID: "entry-0", Code: "4821", CreatedAt: at(-999)}, certain},
		"listed before: another PIN, new":                              {listed, seam.AccessCode{Code: "7777", CreatedAt: at(1)}, clear},
		"ours in its own right":                                        {with(func(k *lockCheck) { k.ownIDs = []string{"mine"} }), seam.AccessCode{ID: "mine", Code: "4821"}, clear},
	}, func(t *testing.T, test testCase) {
		switch test.entry.DeviceID {
		case "":
			test.entry.DeviceID = lock
		case "-":
			test.entry.DeviceID = ""
		}
		if test.entry.ID == "" {
			test.entry.ID = "entry-1"
		}
		other := seam.AccessCode{ID: "unrelated", DeviceID: lock, Code: "1111", CreatedAt: at(-999)}
		_, err := test.check.evaluate([]seam.AccessCode{other, test.entry})
		got := clear
		if residual, ok := errors.AsType[*ResidualError](err); ok {
			got = doubtful
			if len(residual.IDs) > 0 {
				got = certain
			}
			clienttest.AssertContains(t, err.Error(), test.entry.ID, lock)
			clienttest.AssertOmits(t, err.Error()+seam.Advice(err, ""), "unrelated", "4821", "7777", "1111")
			if seam.Advice(err, "") == "" {
				t.Error("it does not say what to do")
			}
		}
		if got != test.want {
			t.Errorf("got %v: %v", []string{"clear", "certain", "doubtful"}[got-clear], err)
		}
	})
}

func TestLockCheck_reportsCertainBeforePossible(t *testing.T) {
	k := lockCheck{deviceID: "lock", pins: []string{"4821"}}
	_, err := k.evaluate([]seam.AccessCode{{ID: "doubtful"}, {ID: "sure", Code: "4821", CannotDelete: true}, {ID: "sure-too", Code: "4821"}})
	if ids := clienttest.MustBe[*ResidualError](t, err).IDs; !slices.Equal(ids, []string{"sure", "sure-too"}) {
		t.Errorf("%v", err)
	}
	clienttest.AssertContains(t, seam.Advice(err, ""), "manufacturer's app")
}

func TestLockCheck_emptyLockPasses(t *testing.T) {
	clienttest.Must(t, clienttest.ErrorOf(lockCheck{deviceID: "lock"}.evaluate(nil)))
}
