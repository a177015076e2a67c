package gateway

import (
	"fmt"
	"maps"
	"net/http"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

func modelRoutes() []route {
	return []route{
		get("/models", anyone, listModels),
		get("/v1/models", anyone, listModels),
		get("/models/{name}", selfers, oneModel),
		get("/v1/models/{name}", selfers, oneModel),
		get("/model/info", anyone, modelInfo),
		get("/v1/model/info", anyone, modelInfo),
		get("/v2/model/info", anyone, modelInfoPaged),
		get("/model_group/info", anyone, modelGroupInfo),
		change(http.MethodPost, "/model/new", anyone, newModel),
		change(http.MethodPost, "/model/update", anyone, updateModel),
		change(http.MethodPost, "/model/delete", anyone, deleteModel),
		change(http.MethodPatch, "/model/{id}/update", anyone, patchModel),
	}
}

// modelBody is what the writing routes take.
type modelBody struct {
	name                     string
	hasName, hasParams, info bool
	params, modelInfo        object
}

// readModel validates a body. All of it is optional here.
func readModel(q *request) (b modelBody, problems []problem) {
	problems = checkFields(q.body, []field{{"model_name", "string"}}, "body")
	b.name, b.hasName = q.body.str("model_name")
	b.params, b.modelInfo = object{}, object{}
	if b.hasParams = q.body.has("litellm_params"); b.hasParams {
		o, err := parseObject(string(q.body["litellm_params"]))
		if err != nil {
			problems = append(problems, problem{"model_type", []any{"body", "litellm_params"}, "Input should be a valid dictionary or instance of LiteLLM_Params"})
		} else {
			b.params = o
			problems = append(problems, checkFields(o, paramFields, "body", "litellm_params")...)
		}
	}
	if b.info = q.body.has("model_info"); b.info {
		o, err := parseObject(string(q.body["model_info"]))
		if err != nil {
			problems = append(problems, problem{"model_type", []any{"body", "model_info"}, "Input should be a valid dictionary or instance of ModelInfo"})
		} else {
			b.modelInfo = o
		}
	}
	if n, ok := b.modelInfo.number("id"); ok { // a number is taken for its text
		b.modelInfo.set("id", strconv.FormatFloat(n, 'f', -1, 64))
	}
	return b, problems
}

// modelRefusal says why the caller may not change models, "" when they may.
func modelRefusal(q *request) (message string, wrapped bool) {
	switch {
	case q.caller.isAdmin:
		return "", false
	case q.caller.role == roleUserViewer:
		return "View-only users cannot manage models.", false
	}
	return "User does not have permission to make this model call. Your role=" + roleUser +
		". You can only make model calls if you are a PROXY_ADMIN or if you are a team admin, by specifying a team_id in the model_info.", true
}

func forbidModel(q *request) (answer, bool) {
	message, wrapped := modelRefusal(q)
	switch {
	case message == "":
		return answer{}, false
	case wrapped:
		return reprError(http.StatusForbidden, message, typeAuth, noParam), true
	}
	return wireError(http.StatusForbidden, message, typeAuth, noParam), true
}

// newModel is POST /model/new. Without litellm_params or model_name the real
// gateway runs into an unhandled error, and a second row with an id is a 500
// that says only that it failed (both observed on LiteLLM 1.106.2).
func newModel(q *request) (answer, error) {
	b, problems := readModel(q)
	if b.hasParams && !b.params.has("model") && len(problems) == 0 {
		problems = append(problems, missing("body", "litellm_params", "model"))
	}
	if len(problems) > 0 {
		return invalid(problems...), nil
	}
	if !b.hasName || !b.hasParams {
		return unhandledError(), nil
	}
	if a, no := forbidModel(q); no {
		return a, nil
	}
	id, _ := b.modelInfo.str("id")
	d := newDeployment(id, b.name, b.params, b.modelInfo, q.now, q.userID())
	if err := d.insert(q.tx); isDuplicate(err) {
		return reprError(http.StatusInternalServerError, "Failed to add model to db. Check your server logs for more details.", typeAuth, noParam), nil
	} else if err != nil {
		return answer{}, err
	}
	return savedModel(q, d, "create"), nil
}

// savedModel answers with the row, or says that it is stored but not served.
func savedModel(q *request, d *deployment, what string) answer {
	if d.live == nil {
		return wireError(http.StatusInternalServerError, fmt.Sprintf("Model %s was saved to the database, but the model id(s) ['%s'] are not live in this pod's router after the reload and are not being served by this pod. Other pods reload on their own interval. Check server logs for 'Error upserting deployment' or 'Error creating deployment' for the cause.",
			what, d.id), typeInternal, nil)
	}
	return reply(http.StatusOK, d.row(q.masterKey))
}

// updateModel is POST /model/update. It merges, but of the stored params it
// keeps only those that the gateway knows by name (observed on LiteLLM
// 1.106.2); null changes nothing.
func updateModel(q *request) (answer, error) {
	b, problems := readModel(q)
	if len(problems) > 0 {
		return invalid(problems...), nil
	}
	bad := func(message string) (answer, error) {
		return wireError(http.StatusBadRequest, "Authentication Error, "+message, typeAuth, noParam), nil
	}
	if !b.info {
		return bad("model_info not provided")
	}
	id, _ := b.modelInfo.str("id")
	d, err := q.tx.deployment(id)
	switch {
	case err != nil:
		return answer{}, err
	case d == nil:
		return bad("model not found")
	case d.configured:
		return reprError(http.StatusBadRequest, "Can't edit model. Model in config. Store model in db via `/model/new`. to edit.", typeAuth, noParam), nil
	}
	if a, no := forbidModel(q); no {
		return a, nil
	}
	if !b.hasParams {
		return bad("litellm_params not provided")
	}
	maps.DeleteFunc(d.params, func(name string, _ jsontext.Value) bool { return !isKnownParam(name) })
	return q.saveModel(d, b)
}

// patchModel is PATCH /model/{id}/update. It merges and keeps everything that
// it is not told about.
func patchModel(q *request) (answer, error) {
	b, problems := readModel(q)
	if len(problems) > 0 {
		return invalid(problems...), nil
	}
	d, err := q.tx.deployment(q.pathValue)
	switch {
	case err != nil:
		return answer{}, err
	case d == nil:
		return wireError(http.StatusNotFound, "Model "+q.pathValue+" not found on proxy.", typeNotFound, nil), nil
	case d.configured:
		return wireError(http.StatusBadRequest, "Cannot edit config-based model. Store model in DB via /model/new first.", "validation_error", nil), nil
	}
	if message, wrapped := modelRefusal(q); wrapped {
		return detailError(http.StatusForbidden, message), nil
	} else if message != "" {
		return detail(http.StatusForbidden, message), nil
	}
	return q.saveModel(d, b)
}

// saveModel merges b into d and stores it. An id in model_info lands in the
// stored info but does not change the id of the row.
func (q *request) saveModel(d *deployment, b modelBody) (answer, error) {
	if b.hasName {
		d.name = b.name
	}
	d.merge(b.params, b.modelInfo)
	d.touch(q.now, q.userID())
	if err := d.update(q.tx); err != nil {
		return answer{}, err
	}
	return savedModel(q, d, "update"), nil
}

// deleteModel is POST /model/delete. A configured model counts as missing.
func deleteModel(q *request) (answer, error) {
	if !q.body.has("id") {
		if _, null := q.body["id"]; !null {
			return invalid(missing("body", "id")), nil
		}
	}
	id, isText := q.body.str("id")
	if !isText {
		return invalid(problem{"string_type", []any{"body", "id"}, "Input should be a valid string"}), nil
	}
	d, err := q.tx.deployment(id)
	if err != nil {
		return answer{}, err
	}
	if d == nil || d.configured {
		return reprError(http.StatusBadRequest, fmt.Sprintf("Model with id=%s not found in db", id), typeAuth, noParam), nil
	}
	if a, no := forbidModel(q); no {
		return a, nil
	}
	if err := q.tx.exec(`DELETE FROM models WHERE id = ?`, id); err != nil {
		return answer{}, err
	}
	return ok(ordered{{"message", fmt.Sprintf("Model: %s deleted successfully", id)}})
}

// userID is the id that rows are signed with.
func (q *request) userID() string {
	if q.caller.userID == nil {
		return ""
	}
	return *q.caller.userID
}
