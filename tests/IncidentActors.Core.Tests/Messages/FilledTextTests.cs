using IncidentActors.Core.Decisions;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Messages;

/// <summary>Words that only stand for text fill nothing: no section, no handoff, no report.</summary>
public class FilledTextTests
{
    [Theory]
    [InlineData("-")]
    [InlineData("…")]
    [InlineData("TBD")]
    [InlineData("- [ ] TBD")]
    [InlineData("N/A")]
    [InlineData("n.a.")]
    [InlineData("* todo")]
    [InlineData("To do.")]
    [InlineData("1. none")]
    [InlineData("[How to avoid in future]")]
    [InlineData("- [X minutes]")]
    [InlineData("|---|---|")]
    [InlineData("not done")]
    [InlineData(" \n\n- \n")]
    public void What_says_nothing(string text) => Assert.False(FilledText.IsFilled(text));

    [Theory]
    [InlineData("... emergency resolution summary ...")]
    [InlineData("- [x] Rolled back")]
    [InlineData("[the runbook](https://example.org)")]
    [InlineData("None of the checks failed")]
    [InlineData("0 users")]
    [InlineData("TBD\nthe config was wrong")]
    public void What_says_something(string text) => Assert.True(FilledText.IsFilled(text));

    [Theory]
    [InlineData("-", "deploy", "tests", "completedWork")]
    [InlineData("fixed", "none", "tests", "pendingWork")]
    [InlineData("fixed", "deploy", "todo", "evidence")]
    public void An_empty_handoff_is_refused(string completed, string pending, string evidence, string missing)
    {
        var stage = Play.Emergency();
        var refused = stage.Refused(Rules.HandoffSections, "AT-EMRG-01", new HandOff("@pm", completed, pending, evidence), "@dev");
        Assert.Equal([missing], refused.Allowed.AsEnumerable());
    }

    [Fact]
    public void A_report_that_says_nothing_is_none()
    {
        var stage = Play.Emergency("Deployed");
        stage.Refused(Rules.ArtifactForm, "AT-EMRG-01", new CreateArtifact("PMVerificationReport", "report", "TBD"), "@pm");
    }

    [Fact]
    public void The_template_of_seed_002_fills_the_sections_of_a_postmortem()
    {
        const string Report = """
            # Incident Report: INC-1
            ## Impact
            - **Users Affected:** all
            ## Timeline
            | Time | Event | Action |
            |------|-------|--------|
            | 14:23 | First alert | Incident declared |
            ## Root Cause
            ### What Happened
            The pool ran dry.
            ## Resolution
            ### Immediate Fix
            Rolled back.
            ## Prevention
            ### Short-term (This Sprint)
            - [ ] Add monitoring
            ## Action Items
            | Action | Owner |
            |--------|-------|
            | Add monitoring | @DEVOPS |
            """;
        Assert.Empty(Markdown.Missing(["timeline", "root cause", "impact", "resolution", "prevention", "action items"], Markdown.FilledSections(Report)));
    }
}
