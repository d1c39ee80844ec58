using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Texts;
using IncidentActors.Server.Approvals;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace IncidentActors.Server.Mcp;

/// <summary>
/// An approval that the model does not decide itself is shown to the person at the client (elicitation), where the client can show a form. The answer is
/// a decision like any other: of this approval only, and refused when it was decided or voided meanwhile.
/// </summary>
internal sealed class McpElicitation(RunningEngine engine, IHttpContextAccessor http)
{
    private const string Tool = "approval_decide";
    private const string Option = "option";
    private const string Note = "note";
    private const string Asked = "decision";
    private const int MaxQuestionLength = 1000;

    /// <summary>The arguments with the person's decision, or as they were: there is nothing to ask, or no person. Or why it stays undecided.</summary>
    public async Task<(JsonElement Arguments, Rejected? Undecided)> CompleteAsync(
        RequestContext<CallToolRequestParams> request, JsonElement arguments, CancellationToken cancel)
    {
        if (request.Params!.Name != Tool || IdOf(arguments) is not { } id || !CanAsk(request)) return (arguments, null);

        // An answer that comes after another decision is passed on: the tool refuses it and shows that decision.
        var answered = string.IsNullOrEmpty(request.Server.SessionId) && request.Params.InputResponses?.ContainsKey(Asked) == true;
        if (await ApprovalTools.FindAsync(engine.Journal, id) is not { } approval) return (arguments, null);
        if (approval.Status != ApprovalStatus.Open && !answered) return (arguments, null);
        ElicitResult answer;
        try
        {
            answer = await AskAsync(request, Question(approval), cancel);
        }
        catch (Exception error) when (error is McpException or JsonException or IOException or InvalidOperationException)
        {
            return (arguments, Undecided(approval, $"the client could not ask: {SafeText.OneLine(error.Message)}"));
        }

        if (!answer.IsAccepted || Text(answer, Option) is not { } chosen || approval.Options.FirstOrDefault(known => known.Id == chosen) is not { } option)
            return (arguments, Undecided(approval, $"the person at the client has not chosen ({SafeText.OneLine(answer.Action)})"));
        var complete = JsonNode.Parse(arguments.GetRawText())!.AsObject();
        complete["decision"] = option.Approves ?? option.Id == "approve" ? "approve" : "reject";
        complete[Option] = option.Id;
        if (Text(answer, Note) is { Length: > 0 } note) complete[Note] = note;
        return (JsonSerializer.SerializeToElement(complete, ServerJson.Info<JsonObject>()), null);
    }

    /// <summary>Id of the approval that is to be decided; null if the decision is given, or there is no id.</summary>
    private static string? IdOf(JsonElement arguments)
    {
        var decided = arguments.TryGetProperty("decision", out var decision)
            && !(decision.ValueKind == JsonValueKind.Null || (decision.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(decision.GetString())));
        return !decided && arguments.TryGetProperty("approvalId", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString()!.Trim() : null;
    }

    /// <summary>The client shows forms. One that only opens addresses (<c>{"url":{}}</c>) cannot ask this.</summary>
    private static bool CanAsk(RequestContext<CallToolRequestParams> request) =>
        (request.JsonRpcRequest.Context?.ClientCapabilities ?? request.Server.ClientCapabilities)?.Elicitation is { } able
            && (able.Form is not null || able.Url is null);

    private async Task<ElicitResult> AskAsync(RequestContext<CallToolRequestParams> request, ElicitRequestParams question, CancellationToken cancel)
    {
        // Without a session the question is the answer of this call, and the client calls again with the person's answer.
        if (string.IsNullOrEmpty(request.Server.SessionId))
        {
            return request.Params!.InputResponses is { } responses && responses.TryGetValue(Asked, out var given)
                ? given.Deserialize(InputResponse.ElicitResultJsonTypeInfo)!
                : throw new InputRequiredException(new Dictionary<string, InputRequest> { [Asked] = InputRequest.ForElicitation(question) });
        }

        var id = new RequestId($"ask-{Guid.NewGuid():n}");
        var ask = new JsonRpcRequest
        {
            Id = id,
            Method = RequestMethods.ElicitationCreate,
            Params = JsonSerializer.SerializeToNode(question, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ElicitRequestParams))),
        };

        // The stream of the call may be closed when the question is withdrawn; the session's own stream is not.
        var session = http.HttpContext?.Features.Get<McpServer>();
        try
        {
            var answer = await request.Server.SendRequestAsync(ask, CancellationToken.None).WaitAsync(cancel);
            return answer.Result.Deserialize(InputResponse.ElicitResultJsonTypeInfo)!;
        }
        catch (OperationCanceledException)
        {
            var withdrawn = new CancelledNotificationParams { RequestId = id, Reason = "The call was canceled." };
            foreach (var to in new[] { request.Server, session })
            {
                if (to is null) continue;
                await to.SendNotificationAsync(NotificationMethods.CancelledNotification, withdrawn, McpJsonUtilities.DefaultOptions, CancellationToken.None);
            }

            throw;
        }
    }

    private static ElicitRequestParams Question(ApprovalView approval)
    {
        var text = new StringBuilder(SafeText.OneLine(approval.Question, MaxQuestionLength));
        if (approval.Evidence is { Length: > 0 } evidence) text.Append("\n\n").Append(SafeText.Block(evidence));
        if (approval.Recommendation is { } better) text.Append("\n\nRecommended: ").Append(SafeText.OneLine(better, MaxQuestionLength));
        text.Append(CultureInfo.InvariantCulture, $"\n\nBy {approval.Due.UtcDateTime:yyyy-MM-dd HH:mm} UTC; then: ");
        text.Append(approval.OnTimeout switch
        {
            ApprovalTimeout.Approve => "it approves itself.",
            ApprovalTimeout.Reject => "it rejects itself.",
            _ => "the approval stays open and escalates.",
        });
        return new ElicitRequestParams
        {
            Message = text.ToString(),
            RequestedSchema = new ElicitRequestParams.RequestSchema
            {
                Properties =
                {
                    [Option] = new ElicitRequestParams.TitledSingleSelectEnumSchema
                    {
                        Title = "Decision",
                        OneOf =
                        [
                            .. approval.Options.Select(
                                option =>
                                    new ElicitRequestParams.EnumSchemaOption
                                    {
                                        Const = option.Id,
                                        Title = SafeText.OneLine(option.Text + (option.Risk is { } risk ? $" (risk: {risk})" : "")),
                                    }),
                        ],
                    },
                    [Note] = new ElicitRequestParams.StringSchema { Title = "Why", Description = "For those who asked; may be left out.", MaxLength = 4000 },
                },
                Required = [Option],
            },
        };
    }

    private static Rejected Undecided(ApprovalView approval, string why) => new(
        Rules.ApprovalUndecided,
        $"{approval.Id} is not decided: {why}. Nothing was changed; give the argument 'decision', or ask again.",
        ["approve", "reject"]);

    private static string? Text(ElicitResult answer, string name) =>
        answer.Content is { } content && content.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
