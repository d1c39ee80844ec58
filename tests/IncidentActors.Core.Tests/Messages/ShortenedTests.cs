using System.Globalization;
using System.Text;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Messages;

public class ShortenedTests
{
    private const string Family = "👩‍👩‍👧‍👦";

    public static TheoryData<string> Elements => new("🚨", "🇨🇭", Family, "e\u0301", "각", "n\u0303\u0323", "👍🏽", "a");

    [Theory, MemberData(nameof(Elements))]
    public void Whatever_is_cut_ends_where_a_character_ends(string element)
    {
        var text = string.Concat(Enumerable.Repeat(element, 20));
        for (var longest = element.Length; longest < text.Length; longest++)
        {
            var cut = Shortened.Cut(text, longest);
            Assert.Equal(longest / element.Length, new StringInfo(cut).LengthInTextElements);
            Assert.Equal(0, cut.Length % element.Length);
            Assert.Equal(cut + "…", Shortened.To(text, longest));
            Assert.True(Shortened.Within(text, longest).Length <= longest || element.Length == longest);
        }
    }

    [Fact]
    public void What_fits_stays_as_it_is()
    {
        Assert.Equal(Family, Shortened.Cut(Family, Family.Length));
        Assert.Equal(Family, Shortened.To(Family, Family.Length));
        Assert.Equal(Family, Shortened.Within(Family, Family.Length));
    }

    /// <summary>Hostile: one letter under a thousand accents must leave something, and something that can be stored.</summary>
    [Fact]
    public void One_character_that_is_longer_than_the_room_leaves_part_of_it_and_no_half_of_a_pair()
    {
        Assert.Equal(50, Shortened.Cut("a" + new string('\u0301', 1000), 50).Length);
        var joined = string.Join('\u200d', Enumerable.Repeat("👩", 100));
        for (var longest = 1; longest < 20; longest++)
            Assert.Equal(Shortened.Cut(joined, longest), Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(Shortened.Cut(joined, longest))));
    }
}
