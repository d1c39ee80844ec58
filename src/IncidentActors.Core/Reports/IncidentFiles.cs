using System.Collections.Immutable;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Reports;

/// <param name="Path">Relative, with <c>/</c>.</param>
/// <param name="Append">True: added at the end of the file unless the file holds it; false: the whole file.</param>
public sealed record IncidentFile(string Path, string Content, bool Append);

/// <summary>The files whose paths the reports print: seed 003's payload and chatroom, seed 002's report under its sprint, and what was learned.</summary>
public static class IncidentFiles
{
    public const string Chatroom = "chatroom.md";

    public static ImmutableArray<IncidentFile> Of(Dossier dossier)
    {
        var files = ImmutableArray.CreateBuilder<IncidentFile>();
        var report = IncidentReport.Of(dossier).Markdown;
        files.Add(new IncidentFile(Payload(dossier.Incident), report, Append: false));
        files.Add(new IncidentFile(Chatroom, ChatroomBlock.Of(dossier).Markdown.TrimEnd() + "\n\n", Append: true));
        if (dossier.Label("sprint") is { } sprint && IsFileName(sprint))
            files.Add(new IncidentFile(Report(dossier.Incident, $"sprint-{sprint}"), report, Append: false));
        if (dossier.Learning is { } learning) files.Add(new IncidentFile(Learning(dossier.Incident), learning.TrimEnd() + "\n", Append: false));
        return files.ToImmutable();
    }

    /// <summary>Seed 003, <c>[PAYLOAD_PATH]</c>.</summary>
    public static string Payload(IncidentState incident) => $".tmp/incidents/{incident.Id}.md";

    /// <summary>Seed 002, handoff.</summary>
    public static string Report(IncidentState incident, string sprint) => $"docs/sprints/{sprint}/logs/Incident-Report-{incident.Id}.md";

    /// <summary>Seed 003, post-incident steps 3 to 5.</summary>
    public static string Learning(IncidentState incident) => $"docs/learning/{incident.Id}.md";

    /// <summary>A label comes from an alert or a person: it names a folder only if it leads nowhere else.</summary>
    private static bool IsFileName(string text) =>
        text.Length is > 0 and <= 60 && text[0] != '.' && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}
