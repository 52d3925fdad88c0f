package wootest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// answer is a response under construction.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func newAnswer() *answer { return &answer{status: http.StatusOK, header: http.Header{}} }

func (a *answer) send(w http.ResponseWriter, now time.Time) {
	h := w.Header()
	for k, v := range a.header {
		h[k] = v
	}
	h.Set("Date", now.Format(http.TimeFormat))
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

func (a *answer) json(status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		panic("wootest: " + err.Error())
	}
	a.status, a.body = status, b
	a.header.Set("Content-Type", "application/json; charset=UTF-8")
}

// apiError is the shape of every refusal.
type apiError struct {
	Code    string         `json:"code"`
	Message string         `json:"message"`
	Data    map[string]any `json:"data"`
}

func fail(status int, code, message string) *apiError {
	return &apiError{Code: code, Message: message, Data: map[string]any{"status": status}}
}

func invalidParam(name string) *apiError {
	e := fail(http.StatusBadRequest, "rest_invalid_param", "Invalid parameter(s): "+name)
	e.Data["params"] = map[string]string{name: "Invalid parameter."}
	return e
}

func (e *apiError) status() int { return e.Data["status"].(int) }

// translations of the messages clients are tempted to compare.
var translations = map[string]map[string]string{
	"de": {
		"woocommerce_rest_cannot_view":           "Du kannst leider keine Ressourcen auflisten.",
		"woocommerce_rest_authentication_error":  "Der Schlüssel ist ungültig.",
		"woocommerce_rest_shop_order_invalid_id": "Ungültige ID.",
		"rest_no_route":                          "Es wurde keine Route gefunden, die mit der URL und der Anfragemethode identisch ist.",
		"rest_invalid_param":                     "Ungültige(r) Parameter",
	},
	"fr": {
		"woocommerce_rest_cannot_view":           "Désolé, vous ne pouvez pas lister les ressources.",
		"woocommerce_rest_authentication_error":  "La clé est invalide.",
		"woocommerce_rest_shop_order_invalid_id": "ID non valide.",
		"rest_no_route":                          "Aucune route correspondante.",
		"rest_invalid_param":                     "Paramètre(s) non valide(s)",
	},
}

// refuse answers with e in the shop's language.
func (c *call) refuse(e *apiError) { c.answer.json(e.status(), c.localized(e)) }

func (c *call) localized(e *apiError) *apiError {
	if m, ok := translations[c.cfg.Language][e.Code]; ok {
		e.Message = m
	}
	return e
}
