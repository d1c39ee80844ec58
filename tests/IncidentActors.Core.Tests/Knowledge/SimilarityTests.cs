using System.Collections.Immutable;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Knowledge;

namespace IncidentActors.Core.Tests.Knowledge;

public class SimilarityTests
{
    private static readonly KnowledgeEntry Leak = new()
    {
        Id = "KB-2026-11-21-001",
        Title = "P0: Payment Gateway 500 Errors",
        Date = new DateOnly(2026, 11, 21),
        Tags = ["incident", "payment", "production", "p0"],
        IncidentId = "INC-1",
        Body = "",
    };

    [Theory]
    [InlineData("Payment gateway returning 500 errors", true)]
    [InlineData("Payments: gateway error 500 again", true)]
    [InlineData("Payment page is slow", false)]
    [InlineData("Search gateway 500 errors", false)]
    public void A_repeat_says_the_cause_and_half_of_the_title(string title, bool repeat) =>
        Assert.Equal(repeat, Assert.Single(Similarity.Of([(Leak, 2.5)], Similarity.Words(Declared(title)))).Repeat);

    [Fact]
    public void Where_no_tag_names_a_cause_nearly_the_same_title_is_a_repeat()
    {
        var untagged = Leak with { Title = "P0: Payment gateway returns 500 errors", Tags = ["incident", "p0"] };
        Assert.True(Repeats("Payment gateway returns 500 errors"));
        Assert.False(Repeats("Payment page is slow"));

        bool Repeats(string title) => Similarity.Of([(untagged, 1)], Similarity.Words(Declared(title)))[0].Repeat;
    }

    [Fact]
    public void Three_are_shown_with_the_incident_that_they_are_about()
    {
        var similar = Similarity.Of([(Leak, 4), (Leak, 3), (Leak, 2), (Leak, 1)], []);

        Assert.Equal([4, 3, 2], similar.Select(one => one.Score));
        Assert.Equal(("KB-2026-11-21-001", "INC-1"), (similar[0].Id, similar[0].IncidentId));
    }

    [Fact]
    public void Words_are_those_of_title_labels_and_description_without_the_common_ones() => Assert.Equal<IEnumerable<string>>(
        ["database", "pool", "exhausted", "checkout", "timeouts"],
        Similarity.Words(
            Declared("The database pool is exhausted") with
            {
                Labels = ImmutableSortedDictionary<string, string>.Empty.Add("job", "checkout"),
                Description = "P0: timeouts on the pool",
            }));

    private static DeclareIncident Declared(string title) =>
        new(title, null, null, null, null, ImmutableSortedDictionary<string, string>.Empty, "api", null, null, []);
}
