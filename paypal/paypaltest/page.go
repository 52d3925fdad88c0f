package paypaltest

import (
	"html/template"
	"net/http"
	"net/url"
	"strings"
)

// approvalPage is what a person sees.
var approvalPage = template.Must(template.New("").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>PayPal in memory</title></head>
<body><h1>PayPal in memory</h1><p>{{.Text}}</p>
{{range .Links}}<p><a id="{{.Rel}}" href="{{.Href}}">{{.Rel}}</a></p>
{{end}}</body></html>
`))

func (s *Server) person(status int, words string, links ...link) reply {
	var out strings.Builder
	data := struct {
		Text  string
		Links []link
	}{words, links}
	if err := approvalPage.Execute(&out, data); err != nil {
		panic("paypaltest: " + err.Error()) // own template
	}
	return rawReply(status, "text/html; charset=utf-8", out.String())
}

// checkoutPage asks the payer about an order, and sends him back.
func (s *Server) checkoutPage(q *request) reply {
	id := q.query.Get("token")
	o, err := s.approvable(id, q.now)
	if err != nil {
		return s.person(http.StatusNotFound, "This payment is paid, expired or not known.")
	}
	switch q.query.Get("action") {
	case "approve":
		s.approve(o, Instant, q.now)
		return s.sendBack(o.returnURL, "You agreed to pay.", "token", id, "PayerID", PayerID)
	case "decline":
		s.approve(o, Declined, q.now)
		return s.sendBack(o.returnURL, "You agreed to pay.", "token", id, "PayerID", PayerID)
	case "cancel":
		return s.sendBack(o.cancelURL, "You did not pay.", "token", id)
	}
	total := o.units[0].amount
	for _, u := range o.units[1:] {
		total.value = total.value.Add(u.amount.value)
	}
	here := "/checkoutnow?token=" + url.QueryEscape(id) + "&action="
	return s.person(http.StatusOK, "Pay "+total.money().String()+"?", link{Href: here + "approve", Rel: "approve"},
		link{Href: here + "decline", Rel: "decline"}, link{Href: here + "cancel", Rel: "cancel"})
}

// setupPage asks the payer whether his account may be saved.
func (s *Server) setupPage(q *request) reply {
	id := q.query.Get("approval_session_id")
	t, known := s.byID[id].(*setupToken)
	if !known || t.used || q.now.Sub(t.created) > setupLife {
		return s.person(http.StatusNotFound, "This request is used, expired or not known.")
	}
	switch q.query.Get("action") {
	case "approve":
		if err := s.approveSetup(id, q.now); err != nil {
			return s.person(http.StatusNotFound, "This request is used, expired or not known.")
		}
		return s.sendBack(text(t.wallet.Context.Return), "You agreed.", "approval_token_id", id, "approval_session_id", id)
	case "cancel":
		return s.sendBack(text(t.wallet.Context.Cancel), "You did not agree.", "approval_session_id", id)
	}
	here := "/agreements/approve?approval_session_id=" + url.QueryEscape(id) + "&action="
	return s.person(http.StatusOK, "Save your account for later payments?",
		link{Href: here + "approve", Rel: "approve"}, link{Href: here + "cancel", Rel: "cancel"})
}

// sendBack redirects to an address with more parameters; without an address
// it says words.
func (s *Server) sendBack(address, words string, more ...string) reply {
	if address == "" {
		return s.person(http.StatusOK, words)
	}
	a := rawReply(http.StatusFound, "text/html; charset=utf-8", "")
	a.header.Set("Location", withQuery(address, more...))
	return a
}

// withQuery adds parameters to an address.
func withQuery(address string, more ...string) string {
	u, err := url.Parse(address)
	if err != nil || address == "" {
		return ""
	}
	query := u.Query()
	for i := 0; i+1 < len(more); i += 2 {
		query.Set(more[i], more[i+1])
	}
	u.RawQuery = query.Encode()
	return u.String()
}

// webAddress reports whether a browser can be sent there.
func webAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}
