using System.CommandLine;
using IncidentActors.Cli.Atps;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Messages;
using Spectre.Console;

namespace IncidentActors.Cli.Messages;

/// <summary><c>incident send | ack | handoff | artifact</c>: what agents say and prove.</summary>
internal static class MessageVerbs
{
    private static readonly string[] Handles = ["@pm", "@dev", "@sre", "@qa", "@operator"];
    private static readonly string[] Priorities = ["P0", "P1", "P2", "P3"];

    /// <summary>Types that the shell suggests; any other may be given.</summary>
    private static readonly string[] Artifacts =
    [
        .. FlowSet.Shipped.Latest
            .SelectMany(flow => flow.Rows)
            .SelectMany(row => row.Requires.Artifacts)
            .Select(artifact => artifact.Type)
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    public static IEnumerable<Command> All(Verbs verbs) => [Ack(verbs), Handoff(verbs), Send(verbs), Artifact(verbs)];

    private static Command Ack(Verbs verbs)
    {
        var id = Given.Id("id", "msg-… of a message to you, or INC-… of an incident you are on");
        var notes = Given.Text("--notes", "What you say with it");
        return verbs.Acting("ack", "Acknowledge a message, or an incident", [id, notes], (line, cancel) =>
            line.Value(id).StartsWith("INC-", StringComparison.OrdinalIgnoreCase)
                ? line.PostAsync(
                    $"/api/incidents/{Uri.EscapeDataString(line.Value(id))}/acknowledge", JsonParts.Body(("notes", line.Value(notes))),
                    _ => line.Screen.MarkupLineInterpolated($"{line.Value(id)} [green]acknowledged[/]"), cancel)
                : line.ToolAsync(
                    "message_ack", JsonParts.Body(("messageId", line.Value(id)), ("agent", line.Agent), ("notes", line.Value(notes))),
                    answer => Acknowledged(line, line.Value(id), answer.Read<AtpView>()), cancel));
    }

    private static Command Handoff(Verbs verbs)
    {
        var atp = AtpVerbs.AtpId();
        var to = Given.Required("--to", "Who takes it over", Handles).Handle();
        var completed = Given.Required("--completed", $"What is done, {LongText.Hint}");
        var pending = Given.Required("--pending", $"What is still to do, {LongText.Hint}");
        var evidence = Given.Required("--evidence", $"What proves it, {LongText.Hint}");
        var priority = Given.Text("--priority", "P0 … P3", Priorities).Priority();
        const string Means = "Hand an ATP over: what is done, what is pending, what proves it";
        return verbs.Acting("handoff", Means, [atp, to, completed, pending, evidence, priority], async (line, cancel) =>
        {
            string? done = line.Value(completed), open = line.Value(pending), proof = line.Value(evidence);
            if (!line.Long(ref done) || !line.Long(ref open) || !line.Long(ref proof)) return ExitCodes.Usage;
            return await line.ToolAsync(
                "handoff",
                JsonParts.Body(
                    ("atpId", line.Value(atp)), ("fromAgent", line.Agent), ("toAgent", line.HandleOf(to)), ("completedWork", done), ("pendingWork", open),
                    ("evidence", proof), ("priority", line.Value(priority))),
                answer => Sent(line, answer.Read<AtpView>()), cancel);
        });
    }

    private static Command Send(Verbs verbs)
    {
        var atp = AtpVerbs.AtpId();
        var body = new Argument<string>("body") { Description = $"The text, {LongText.Hint}" };
        var to = Given.Required("--to", "To whom", Handles).Handle();
        var subject = Given.Required("--subject", "In a few words");
        var type = Given.Required("--type", string.Join(", ", Enum.GetNames<MessageType>()), Enum.GetNames<MessageType>()).OneOf(Enum.GetNames<MessageType>());
        var priority = Given.Text("--priority", "P0 … P3; without it the ATP's", Priorities).Priority();
        var ack = new Option<bool?>("--requires-ack") { Description = "The recipient must acknowledge it; directives, escalations and blockers do anyhow" };
        return verbs.Acting("send", "Send a message on an ATP", [atp, body, to, type, subject, priority, ack], async (line, cancel) =>
        {
            string? text = line.Value(body);
            if (!line.Long(ref text)) return ExitCodes.Usage;
            return await line.ToolAsync(
                "message_send",
                JsonParts.Body(
                    ("atpId", line.Value(atp)), ("fromAgent", line.Agent), ("toAgent", line.HandleOf(to)), ("messageType", line.Value(type)),
                    ("priority", line.Value(priority)), ("subject", line.Value(subject)), ("body", text), ("requiresAck", line.Value(ack))),
                answer => Sent(line, answer.Read<AtpView>()), cancel);
        });
    }

    private static Command Artifact(Verbs verbs)
    {
        var atp = AtpVerbs.AtpId();
        var type = Given.Word(
            "type", "PMVerificationReport, Postmortem, TestReport, RootCauseAnalysis …", [.. Artifacts]);
        var content = new Argument<string>("content") { Description = $"Markdown, {LongText.Hint}" };
        var title = Given.Text("--title", "Without it: the type and the ATP");
        var outcome = Given.Text(
            "--outcome", "passed, failed, critical … where the type has one", "passed", "failed", "critical", "non-critical", "stable",
            "unstable");
        var persist = Given.Text("--persist", "store, file or both", "store", "file", "both").OneOf("store", "file", "both");
        return verbs.Acting("artifact", "Add typed evidence to an ATP", [atp, type, content, title, outcome, persist], async (line, cancel) =>
        {
            string? text = line.Value(content);
            if (!line.Long(ref text)) return ExitCodes.Usage;
            return await line.ToolAsync(
                "artifact_create",
                JsonParts.Body(
                    ("atpId", line.Value(atp)), ("artifactType", line.Value(type)), ("title", line.Value(title) ?? $"{line.Value(type)}: {line.Value(atp)}"),
                    ("content", text), ("outcome", line.Value(outcome)), ("persist", line.Value(persist))),
                answer => Added(line, answer.Read<AtpView>()), cancel);
        });
    }

    private static void Acknowledged(Line line, string id, AtpView atp)
    {
        line.Screen.MarkupLineInterpolated($"{id} [green]acknowledged[/]");
        AtpText.Changed(line, atp);
    }

    private static void Sent(Line line, AtpView atp)
    {
        line.Screen.MarkupLineInterpolated($"sent [bold]{atp.MessageId ?? ""}[/]");
        AtpText.Changed(line, atp);
        if (atp.ApprovalId is { } approval) line.Screen.MarkupLineInterpolated($"[yellow]waits for the approval {approval}[/]");
    }

    private static void Added(Line line, AtpView atp)
    {
        line.Screen.MarkupLineInterpolated($"added [bold]{atp.ArtifactId ?? ""}[/]");
        AtpText.Changed(line, atp);
    }
}
