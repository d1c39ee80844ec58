using System.Collections.Immutable;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Reports;

namespace IncidentActors.Core.Tests.Reports;

public class IncidentFilesTests
{
    [Fact]
    public void Each_file_is_at_the_path_that_its_report_prints()
    {
        var dossier = With(ActorId.Incident(PaymentOutage.Id), Sprint("12"));
        var files = IncidentFiles.Of(dossier);

        var block = Assert.Single(files, file => file.Append);
        Assert.Equal("chatroom.md", block.Path);
        Assert.Contains(files, file => block.Content.Contains($"[PAYLOAD_PATH]: {file.Path}\n", StringComparison.Ordinal));
        var handoff = HandoffReport.Of(dossier).Markdown;
        var report = files.Single(file => handoff.Contains($"- **Incident Report:** {file.Path}\n", StringComparison.Ordinal));
        Assert.Equal(IncidentReport.Of(dossier).Markdown, report.Content);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../etc")]
    [InlineData(".hidden")]
    public void A_sprint_that_names_no_folder_has_no_file(string sprint)
    {
        var files = IncidentFiles.Of(With(ActorId.Incident(PaymentOutage.Id), Sprint(sprint)));
        Assert.Equal<IEnumerable<string>>([$".tmp/incidents/{PaymentOutage.Id}.md", "chatroom.md"], files.Select(file => file.Path));
    }

    [Fact]
    public void A_root_cause_analysis_without_headings_is_the_root_cause()
    {
        var analysis = new AtpArtifactAdded("art-9", "RootCauseAnalysis", "RCA", "The pool was never closed.", null, "store", [], []);
        var dossier = With(ActorId.Atp(PaymentOutage.Atp), analysis);
        Assert.Contains("### What Happened\nThe pool was never closed.\n", IncidentReport.Of(dossier).Markdown, StringComparison.Ordinal);
        Assert.Contains("## Root Cause\nThe pool was never closed.\n", KnowledgeDraft.Of(dossier).Markdown, StringComparison.Ordinal);
    }

    private static IncidentLabelsSet Sprint(string name) => new(ImmutableSortedDictionary<string, string>.Empty.Add("sprint", name));

    private static Dossier With(ActorId actor, IEvent more)
    {
        var before = PaymentOutage.Resolved().Timeline;
        return new Dossier(PaymentOutage.Id, [.. before, new TimelineEvent(actor, more, before[^1].At, "@pm")]);
    }
}
