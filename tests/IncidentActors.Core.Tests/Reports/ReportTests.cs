using IncidentActors.Core.Reports;
using IncidentActors.Core.Tests.Flows;
using IncidentActors.Testing;

namespace IncidentActors.Core.Tests.Reports;

/// <summary>Reports are generated from the timeline; each is a golden file beside this one.</summary>
public class ReportTests
{
    /// <summary>Every heading of seed 002's template, in its order.</summary>
    private static readonly string[] Headings =
    [
        "# Incident Report: ", "## Executive Summary", "## Impact", "## Timeline", "## Root Cause", "### What Happened", "### Why It Happened",
        "### Why It Wasn't Caught", "## Resolution", "### Immediate Fix", "### Code Changes", "### Verification", "## Prevention",
        "### Short-term (This Sprint)", "### Long-term (Next Quarter)", "## Lessons Learned", "### What Went Well", "### What Could Be Better",
        "## Action Items", "## Related",
    ];

    [Fact]
    public void The_incident_report_has_every_heading_of_the_template_in_its_order()
    {
        var lines = IncidentReport.Of(PaymentOutage.Declared()).Markdown.Split('\n');

        var found = Headings.Select(heading => Array.FindIndex(lines, line => line.StartsWith(heading, StringComparison.Ordinal))).ToList();
        Assert.DoesNotContain(-1, found);
        Assert.Equal(found.Order(), found);
    }

    [Fact]
    public void An_incident_report_of_what_the_timeline_knows()
    {
        var report = IncidentReport.Of(PaymentOutage.Resolved());

        Golden.Equal("incident-report.resolved.md", report.Markdown);
        Assert.Equal(report.Missing, report.Missing.Distinct());
        Assert.All(report.Missing, what => Assert.Contains($"[missing: {what}]", report.Markdown));
        Assert.Contains("revenue impact", report.Missing);
        Assert.DoesNotContain("users affected", report.Missing);
    }

    [Fact]
    public void What_people_wrote_fills_the_report() =>
        Golden.Equal("incident-report.documented.md", IncidentReport.Of(PaymentOutage.Documented()).Markdown);

    [Fact]
    public void The_resolution_line_is_that_of_seed_002() =>
        Golden.Equal("resolution-line.md", ResolutionLine.Of(PaymentOutage.Resolved()).Markdown);

    [Fact]
    public void Before_the_resolution_the_line_does_not_claim_it()
    {
        var report = ResolutionLine.Of(PaymentOutage.Declared());

        Assert.StartsWith("⏳ NOT RESOLVED: ", report.Markdown, StringComparison.Ordinal);
        Assert.Equal<IEnumerable<string>>(["impact", "fix"], report.Missing);
    }

    [Fact]
    public void The_chatroom_block_is_that_of_seed_003() =>
        Golden.Equal("chatroom.md", ChatroomBlock.Of(PaymentOutage.Declared()).Markdown);

    [Fact]
    public void The_handoff_is_that_of_seed_002() =>
        Golden.Equal("handoff.md", HandoffReport.Of(PaymentOutage.Documented()).Markdown);

    [Fact]
    public void The_knowledge_entry_has_the_front_matter_of_seed_002() =>
        Golden.Equal("knowledge-entry.md", KnowledgeDraft.Of(PaymentOutage.Documented()).Markdown);

    [Fact]
    public void A_timeline_without_its_declaration_is_none() =>
        Assert.Throws<ArgumentException>(() => new Dossier("INC-OTHER", PaymentOutage.Declared().Timeline));
}
