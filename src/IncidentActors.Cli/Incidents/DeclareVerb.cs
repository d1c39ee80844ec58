using System.CommandLine;
using System.Globalization;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;
using Spectre.Console;

namespace IncidentActors.Cli.Incidents;

/// <summary><c>incident declare</c>: by title and options, or by the command line of seed 002 (a text that begins with a handle).</summary>
internal static class DeclareVerb
{
    public static Command Make(Verbs verbs)
    {
        var title = new Argument<string>("title")
        {
            Description = "What is broken; or a text such as \"@DEV /emergency - P0: Payment gateway returning 500 errors\"",
        };
        const string Accepted = "SEV-1 … SEV-4, or as other scales call it (P0, critical, major …)";
        var severity = Given.Text("--severity", Accepted, "SEV-1", "SEV-2", "SEV-3", "SEV-4").Severity();
        var category = Given.Text(
            "--category", IncidentCategories.Accepted, [.. Enum.GetNames<IncidentCategory>().Select(name => name.ToLowerInvariant())]).Category();
        var description = Given.Text("--description", $"More about it, {Terminals.LongText.Hint}");
        var started = Given.Text("--started", "First sign: a time (2026-03-01T03:14:00Z) or how long ago (15m)");
        var related = Given.Text("--related-to", "An earlier incident");
        var dedup = Given.Text("--dedup-key", "Deduplication key: if an ongoing incident has it, no new one is declared and that one is shown");
        var labels = new Option<string[]>("--label") { Description = "KEY=VALUE, may be repeated", HelpName = "KEY=VALUE" };
        return verbs.Acting(
            "declare", "Declare an incident", [title, severity, category, description, started, related, dedup, labels],
            async (line, cancel) =>
            {
                var text = line.Value(title);
                var long1 = line.Value(description);
                if (!line.Long(ref long1)) return ExitCodes.Usage;
                if (!Start(line.Value(started), line.Terminal.Now, out var startedAt))
                {
                    return line.Fail(
                        ExitCodes.Usage,
                        $"'{line.Value(started)}' is not a time; write 2026-03-01T03:14:00Z, or 15m for a quarter of an hour ago.");
                }

                if (!Given.Pairs(line.Value(labels), out var pairs)) return line.Fail(ExitCodes.Usage, "A label must have the form KEY=VALUE.");
                var body = text.StartsWith('@')
                    ? JsonParts.Body(("text", text))
                    : JsonParts.Body(
                        ("title", text), ("severity", line.Value(severity)), ("category", line.Value(category)), ("description", long1),
                        ("startedAt", startedAt?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture)),
                        ("labels", pairs),
                        ("relatedTo", line.Value(related)),
                        ("dedupKey", line.Value(dedup)));
                IncidentView? incident = null;
                var exit = await line.PostAsync("/api/incidents", body, answer => Declared(line, incident = answer.Read<IncidentView>()), cancel);
                if (incident is null) return exit;
                await IncidentHalts.ShowAsync(line, incident, cancel);
                line.Screen.MarkupLineInterpolated($"[grey]Next: incident next {incident.Id}   Follow it: incident watch {incident.Id}[/]");
                return exit;
            }).With(parsed =>
            {
                Option[] separate = [severity, category, description, started, related, dedup, labels];
                return parsed.GetResult(title)?.Tokens is [{ Value: ['@', ..] }]
                    && separate.FirstOrDefault(option => parsed.GetResult(option) is not null) is { } given
                    ? $"A text that begins with a handle is a whole declaration; leave {given.Name} out, or give a title that does not begin with '@'."
                    : parsed.GetResult(title)?.Tokens is [{ Value: [not '@', ..] }] && parsed.GetResult(severity) is null
                        ? $"--severity is missing: {Accepted}." : null;
            });
    }

    private static void Declared(Line line, IncidentView incident)
    {
        if (incident.Created == false) line.Screen.MarkupLineInterpolated($"[yellow]{incident.Id} is ongoing and has this key; none was declared.[/]");
        IncidentText.Details(line, incident);
    }

    private static bool Start(string? given, DateTimeOffset now, out DateTimeOffset? at)
    {
        at = null;
        if (given is null) return true;
        if (FlowDuration.TryParse(given, out var ago)) at = now - ago;
        else if (DateTimeOffset.TryParse(
            given, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            at = time;
        return at is not null;
    }
}
