//go:build ignore

package main

const (
	engineTests = "./mip/engine"
	coreTests   = "./mip"
)

var bugs = []bug{
	// The engine's safeguards.
	{"the call leaves before \"sending\" is committed", "mip/engine/submit.go",
		"if errors.Is(err, mip.ErrIgnored) {\n\t\treturn time.Time{}, e.abandon(ctx, o.Ref, a)\n\t}", "if errors.Is(err, mip.ErrIgnored) {\n\t\terr = nil\n\t}", engineTests},
	{"an unknown outcome counts as refused", "mip/engine/submit.go",
		"\treturn e.lost(ctx, o.Ref, a.Number)\n}\n\n// lost:", "\treturn e.refuse(ctx, o, a.Number, mip.Finding{Code: mip.CodeTemporary, Severity: mip.Blocking})\n}\n\n// lost:", engineTests},
	{"no look-up before a second attempt", "mip/engine/resolve.go",
		"if earlier(o, a) || o.ManualRef == a.Reference {", "if o.ManualRef == a.Reference {", engineTests},
	{"one absence is proof enough", "mip/engine/resolve.go", "if a.Absences+1 >= 2 && ", "if ", engineTests},
	{"what is found is adopted without comparing", "mip/engine/resolve.go", "if !matches(found.Placements, a.Items) {", "if false {", engineTests},
	{"PayPal is tried after any error of the wallet", "mip/engine/reserve.go", "if !errors.Is(err, mip.ErrUnfunded) {", "if false {", engineTests},
	{"PayPal is tried without a look-up", "mip/engine/reserve.go", "if err != nil || len(found.Placements) > 0 || !found.Authoritative {", "if _, _ = found, err; false {", engineTests},
	{"a reservation is kept for ever after a refusal", "mip/engine/reserve.go", "err = e.release(ctx, *a)", "err = nil", engineTests},
	{"the cursor is saved before its page is stored", "mip/engine/ingest.go",
		"\t\tfor _, f := range page.Orders {", "\t\t_ = e.store.SaveCursor(ctx, name, cursor, page.Next)\n\t\tfor _, f := range page.Orders {", engineTests},
	{"\"reported\" is set before the channel is told", "mip/engine/report.go",
		"if err = ch.Report(call, l.Ref, s); err == nil {", "_ = e.tell(ctx, l.Ref, mip.Event{Kind: mip.EventReported, Status: &s})\n\tif err = ch.Report(call, l.Ref, s); err == nil {", engineTests},
	{"a failed report is ignored", "mip/engine/report.go", "if err = ch.Report(call, l.Ref, s); err == nil {", "if err = ch.Report(call, l.Ref, s); err == nil || true {", engineTests},

	// The state machine's.
	{"a reference is random", "mip/ref.go", "sum := sha256.Sum256([]byte(r.Channel + \"/\" + r.ID))", "sum := sha256.Sum256(fmt.Append(nil, &r))", coreTests},
	{"a new attempt takes a new reference each time", "mip/order.go", "g = max(g, a.Generation)\n", "g = max(g, a.Generation+1)\n", coreTests + " " + engineTests},
	{"old news overwrites new", "mip/step_channel.go", "if f.UpdatedAt.Before(s.o.UpdatedAt) && !f.UpdatedAt.IsZero() {", "if false {", coreTests},
	{"a cancellation does not stop a call that has not left", "mip/step_people.go", "if a == nil || a.Outcome != OutcomeOpen || !a.SentAt.IsZero() {", "if a != nil {", coreTests},
	{"a status can move back", "mip/step_track.go", "if t.Status.rank() > p.Status.rank() {", "if t.Status != p.Status && t.Status != \"\" {", coreTests},
	{"a corrected tracking number is ignored", "mip/step_track.go", "case out[i].Number != t.Number || ", "case ", coreTests},
	{"an override outlives the value", "mip/finding.go", " && o.Value == f.Value", "", coreTests + " " + engineTests},
	{"manually sent is possible beside an attempt", "mip/step_people.go",
		"func (s *step) manuallySent() error {\n\tif s.o.InFlight() {", "func (s *step) manuallySent() error {\n\tif false {", coreTests + " " + engineTests},
	{"a judgement of a changed order counts", "mip/step_check.go", "if s.e.Version != s.o.Version || ", "if ", coreTests + " " + engineTests},
}
