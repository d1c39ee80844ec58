using IncidentActors.Core.Knowledge;
using IncidentActors.Core.Reports;
using IncidentActors.Core.Tests.Reports;

namespace IncidentActors.Core.Tests.Knowledge;

public class KnowledgeFileTests
{
    private static readonly KnowledgeEntry Otherwise = new() { Id = "KB-X", Title = "by default", Date = new DateOnly(2026, 1, 2), Body = "" };

    /// <summary>The file of seed 002 §9, with its placeholders for sprint and date filled.</summary>
    private const string Seed002 =
        """
        ---
        title: "P0: Payment Gateway 500 Errors"
        category: bug
        priority: critical
        sprint: sprint-12
        date: 2026-11-21
        tags: [incident, payment, production, p0]
        related_files: [lib/payment.ts, api/checkout.ts]
        attempts: 1
        time_saved: "0 hours (future prevention)"
        incident_id: INCIDENT-123
        duration: "45 minutes"
        impact: "500 users, $10k revenue at risk"
        ---

        ## Incident Summary
        Payments failed.

        ## Root Cause
        A connection was never released.
        """;

    [Fact]
    public void The_file_of_seed_002_is_read()
    {
        var entry = KnowledgeFile.Parse(Seed002, Otherwise);

        Assert.Equal(("KB-X", "P0: Payment Gateway 500 Errors", "bug", "critical"), (entry.Id, entry.Title, entry.Category, entry.Priority));
        Assert.Equal(("sprint-12", new DateOnly(2026, 11, 21), 1), (entry.Sprint, entry.Date, entry.Attempts));
        Assert.Equal<IEnumerable<string>>(["incident", "payment", "production", "p0"], entry.Tags);
        Assert.Equal<IEnumerable<string>>(["lib/payment.ts", "api/checkout.ts"], entry.RelatedFiles);
        Assert.Equal(
            ("0 hours (future prevention)", "INCIDENT-123", "45 minutes", "500 users, $10k revenue at risk"),
            (entry.TimeSaved, entry.IncidentId, entry.Duration, entry.Impact));
        Assert.StartsWith("## Incident Summary", entry.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_read_again_the_same()
    {
        var entry = KnowledgeFile.Parse(Seed002, Otherwise) with { Title = "quotes \" and \\ and: colons", Tags = ["two words", "#x"] };

        var again = KnowledgeFile.Parse(KnowledgeFile.Format(entry), Otherwise with { Id = "KB-OTHER" });

        Assert.Equal(KnowledgeFile.Format(entry), KnowledgeFile.Format(again));
        Assert.Equal(entry.Title, again.Title);
        Assert.Equal<IEnumerable<string>>(entry.Tags, again.Tags);
    }

    [Fact]
    public void The_generated_entry_is_read_again_the_same()
    {
        var text = KnowledgeDraft.Of(PaymentOutage.Documented()).Markdown;

        Assert.Equal(text, KnowledgeFile.Format(KnowledgeFile.Parse(text, Otherwise)));
    }

    [Fact]
    public void Without_front_matter_all_of_it_is_the_body()
    {
        var entry = KnowledgeFile.Parse("# Only text\n", Otherwise);

        Assert.Equal(("by default", "# Only text"), (entry.Title, entry.Body));
    }

    [Fact]
    public void What_a_store_could_not_search_is_left_out()
    {
        var entry = KnowledgeFile.Parse("a\0b \ud800", Otherwise with { Title = "t\0" });

        Assert.Equal(("t", "ab \ufffd"), (entry.Title, entry.Body));

        var front = KnowledgeFile.Parse("---\ntitle: \"a\\0b\"\nimpact: \"\\0\"\ntags: [\"c\\0\"]\nrelated_files: [\"d\\0\"]\n---\n", Otherwise);
        Assert.Equal(("ab", "", "c", "d"), (front.Title, front.Impact, front.Tags[0], front.RelatedFiles[0]));
    }

    [Theory]
    [InlineData("---\ntitle: x\n", "not closed")]
    [InlineData("---\ntitle: [x\n---\n", "Line")]
    [InlineData("---\ndate: yesterday\n---\n", "YYYY-MM-DD")]
    [InlineData("---\nattempts: many\n---\n", "Line 2")]
    public void Front_matter_that_cannot_be_read_is_refused_by_what_is_wrong(string text, string says) =>
        Assert.Contains(says, Assert.Throws<FormatException>(() => KnowledgeFile.Parse(text, Otherwise)).Message);
}
