using System.Globalization;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Reports;

/// <summary>The second half of seed 002's template: prevention, lessons learned, action items.</summary>
internal static class ReportPrevention
{
    public static void Write(Dossier dossier, ReportWriter write)
    {
        write.Heading("## Prevention")
            .Section("### Short-term (This Sprint)", dossier.Section("short term this sprint", "short term", "prevention"), "short-term prevention")
            .Section("### Long-term (Next Quarter)", dossier.Section("long term next quarter", "long term"), "long-term prevention")
            .Heading("## Lessons Learned")
            .Section("### What Went Well", dossier.Section("what went well"), "what went well")
            .Section("### What Could Be Better", Join(dossier.Section("what could be better"), Overruns(dossier)), "what could be better");
        ActionItems(dossier, write);
    }

    /// <summary>Possible improvements that follow from the recorded times.</summary>
    private static string? Overruns(Dossier dossier)
    {
        var late = dossier.Incident.Overdue.Keys.Select(clock => $"- The clock '{clock}' of the incident ran out")
            .Concat(dossier.Atps.SelectMany(atp => atp.Overdue.Keys.Select(clock => $"- {atp.Id} overran '{clock}'")))
            .Concat(dossier.SelfApproved switch
            {
                0 => [],
                1 => ["- 1 approval was given by time, not by anybody"],
                var many => [$"- {many} approvals were given by time, not by anybody"],
            });
        return string.Join('\n', late) is { Length: > 0 } lines ? lines : null;
    }

    private static void ActionItems(Dossier dossier, ReportWriter write)
    {
        write.Heading("## Action Items").Line("| Action | Owner | Due Date | Status |").Line("|--------|-------|----------|--------|");
        var items = dossier.ActionItems.ToList();
        foreach (var item in items) write.Line(Row(item, write));
        var written = dossier.WrittenItems.ToList();
        foreach (var item in written) write.Line(Row(item));
        if (items.Count + written.Count == 0) write.Line($"| {write.Or(null, "action items")} | | | |");
        write.Line();
    }

    private static string Row(ActionItem item)
    {
        var due = item.Due?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return $"| {MarkdownText.Cell(item.Text)} | {item.Owner} | {due} | {(item.Done ? "Done" : "Open")} |";
    }

    private static string Row(AtpState item, ReportWriter write)
    {
        var owner = write.Or(item.Owner, $"owner of {item.Id}");
        var due = item.DueAt is { } at ? ReportWords.Date(at) : write.Or(null, $"due date of {item.Id}");
        return $"| {MarkdownText.Cell($"{item.Title} ({item.Id})")} | {owner} | {due} | {(item.Finished ? "Done" : "Open")} |";
    }

    private static string? Join(string? written, string? generated) =>
        (written, generated) switch { (null, _) => generated, (_, null) => written, _ => $"{written}\n{generated}" };
}
