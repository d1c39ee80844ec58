using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Texts;
using IncidentActors.Server.Problems;

namespace IncidentActors.Server.Alerts;

/// <summary>
/// Alerts of senders with a shape of their own (CloudWatch, Azure Monitor, Opsgenie, Checkmk …), also inside a message of Amazon SNS or Google Pub/Sub:
/// name, text, state and key are found by the names that senders use, at any depth, and every other single value is a label.
/// </summary>
internal static partial class OtherAlert
{
    private static readonly string[] Names =
        ["alertname", "alarmname", "alertrule", "rulename", "conditionname", "policyname", "monitorname", "monitorfriendlyname", "searchname", "problemtitle",
         "checkname", "eventdefinitiontitle", "entitydisplayname", "title", "subject", "eventname", "triggername", "rule", "name", "entityid"];
    private static readonly string[] Texts =
        ["newstatereason", "description", "message", "msg", "reason", "details", "problemdetailstext", "serviceoutput", "hostoutput", "statemessage", "output",
         "body", "text", "summary", "content", "fallback"];
    private static readonly string[] Outputs = ["serviceoutput", "hostoutput", "output"];
    private static readonly string[] Headlines = ["message", "msg"];
    private static readonly string[] States =
        ["newstatevalue", "monitorcondition", "currentstate", "alertstatus", "alertstate", "alerttransition", "alertevent", "alerttypefriendlyname",
         "messagetype", "eventstatus", "conclusion", "state", "status", "servicestate", "hoststate", "alerttype", "action"];
    private static readonly string[] Levels = ["level", "severity"];
    private static readonly string[] Keys =
        ["fingerprint", "alarmarn", "dedupkey", "incidentkey", "originalertid", "aggregkey", "alertid", "alertgroupid", "incidentid", "issueid", "ruleid",
         "monitorid", "problemid", "alias", "entityid"];
    private static readonly string[] Links = ["generatorurl", "ruleurl", "permalink", "problemurl", "issueurl", "incidenturl", "resultslink", "url", "link"];
    private static readonly string[] Hosts = ["hostname", "host"];
    private static readonly string[] Services = ["servicedesc", "servicedescription", "service"];

    /// <summary>Zabbix: 0 is the end.</summary>
    private static readonly string[] Numbered = ["eventvalue", "triggervalue"];

    /// <summary>The alert in Alertmanager's shape; null if nothing in it has a name.</summary>
    public static JsonObject? Of(JsonObject given)
    {
        if (Carried(given) is { } inner && Of(inner) is { } carried) return carried;
        return Of(given, new OtherValues(given, lists: false)) ?? Of(given, new OtherValues(given, lists: true));
    }

    /// <summary>Amazon SNS sends nothing until somebody has opened an address that it gives once.</summary>
    public static Problem? Confirmation(JsonObject root) =>
        root.Text("SubscribeURL") is not { } address || root.Text("Type") == "UnsubscribeConfirmation" ? null : Problem.Named(
            Rules.AlertSubscription, "Subscription not confirmed", StatusCodes.Status400BadRequest,
            $"Amazon SNS asks to confirm the subscription to {SafeText.OneLine(root.Text("TopicArn") ?? "a topic")}. "
            + $"Open this address to confirm it: {SafeText.OneLine(address, 1000)}");

    private static JsonObject? Of(JsonObject given, OtherValues values)
    {
        var host = values.Anywhere(Hosts);
        var check = host is null ? null : values.Find(Services);
        var named = values.Find(Names);
        var text = values.Find(Texts);
        var found = named ?? values.Find(Headlines) ?? (check is null ? text : check) ?? (host is null ? null : new OtherValue(host, 0));
        if (found is null) return null;
        var name = named is null && found != check ? found.Text.Split('\n', 2)[0].Trim() : found.Text;
        var (said, plain) = SplitState(name);
        // A text changes with the state; an id beside it, the check and the host do not.
        if (named is null && values.Find("id") is { } id && id.Depth == found.Depth) plain = id.Text;
        else if (named is null && check is not null) plain = check.Text;
        else if (named is null && host is not null && found == values.Find(Outputs)) plain = "";
        var key = values.Find(Keys)?.Text ?? (host is null ? plain : $"{plain}@{host}");
        return new JsonObject
        {
            ["labels"] = values.Labels(name),
            ["status"] = State(given, values, found.Depth) ?? said ?? "firing",
            ["fingerprint"] = key,
            ["generatorURL"] = values.Find(Links)?.Text,
            ["annotations"] = new JsonObject
            {
                ["summary"] = values.Find("summary") is { } summary && summary.Depth <= found.Depth ? summary.Text : null, ["description"] = text?.Text,
            },
        };
    }

    /// <summary>A bare number is a state only where its scale is known, and what is deeper than the alert is the state of something else.</summary>
    private static string? State(JsonObject given, OtherValues values, int depth)
    {
        // Uptime Kuma: 1 is up.
        if (given.Object("heartbeat") is { } beat) return beat.Text("status") == "1" ? "resolved" : "firing";
        if (values.Find(Numbered) is { } numbered) return numbered.Text == "0" ? "resolved" : "firing";
        foreach (var name in States)
        {
            if (values.Find(name) is { } state && state.Depth <= depth + 1 && !double.TryParse(state.Text, out _)) return state.Text;
        }

        var level = values.Find(Levels)?.Text.Trim().ToLowerInvariant();
        return level is "ok" or "clear" or "cleared" or "resolved" or "recovered" or "recovery" ? "resolved" : null;
    }

    /// <summary>What a title such as <c>[Recovered on a] CPU</c> says of the state, and the same title for begin and end.</summary>
    private static (string? State, string Name) SplitState(string name)
    {
        var match = TitleWithState.Match(name);
        if (!match.Success) return (null, name);
        var rest = match.Groups["rest"].Value.Trim();
        var plain = match.Groups["name"].Value;
        if (rest.Length > 0 && !rest.StartsWith("in ", StringComparison.Ordinal)) plain = $"{rest} {plain}";
        return (match.Groups["ends"].Success ? "resolved" : "firing", plain);
    }

    private static JsonObject? Carried(JsonObject given)
    {
        if (given.Object("Message") is { } notification) return notification;
        if (given.Object("message").Text("data") is not { } data) return null;
        var bytes = new byte[data.Length];
        return Convert.TryFromBase64String(data, bytes, out var length) ? LenientJson.Read(bytes.AsMemory(0, length), length, int.MaxValue).Root : null;
    }

    [GeneratedRegex(
        """
        ^\W*
        ((?<ends>recovered|recovery|resolved|ok|up|closed|cleared)|(re-?)?triggered|problem|alerting|firing|alarm|warn|warning|critical|down)\b
        (:\d+)?(?<rest>[^\]:]*)[\]:]\s*(?<name>\S.*)$
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant
        | RegexOptions.Singleline, 1000)]
    private static partial Regex TitleWithState { get; }
}
