using IncidentActors.Core.Flows;

namespace IncidentActors.Core.Tests.Flows;

public class FlowYamlTests
{
    [Theory]
    [InlineData("30s", 30)]
    [InlineData("15m", 15 * 60)]
    [InlineData("24h", 24 * 3600)]
    [InlineData("7d", 7 * 86_400)]
    [InlineData("1h30m", 90 * 60)]
    public void Durations_are_written_as_people_do(string text, int seconds)
    {
        Assert.True(FlowDuration.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds);
        Assert.Equal(text, FlowDuration.Format(duration));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0m")]
    [InlineData("15")]
    [InlineData("15 m")]
    [InlineData("-15m")]
    [InlineData("30m1h")]
    [InlineData("1.5h")]
    [InlineData("999999d")]
    [InlineData("15m\n")]
    [InlineData("٣m")]
    public void What_is_not_a_duration_is_refused(string text) => Assert.False(FlowDuration.TryParse(text, out _));

    /// <summary>Characters dropped, doubled, swapped and inserted, at places that a fixed seed chooses.</summary>
    [Theory]
    [InlineData("emergency", 1)]
    [InlineData("critical-response", 2)]
    [InlineData("emergency-hotfix", 3)]
    public void No_text_makes_it_throw(string name, int seed)
    {
        var (random, text) = (new Random(seed), ShippedText.Of(name));
        for (var round = 0; round < 400; round++)
        {
            var damaged = text.ToCharArray().ToList();
            for (var hit = random.Next(1, 6); hit > 0; hit--)
            {
                Damage(damaged, random);
            }

            var (_, problems) = FlowSet.Shipped.Load([new FlowFile("damaged.yaml", string.Concat(damaged))]);
            Assert.All(problems, problem => Assert.True(problem.Line > 0 && problem.Reason.Length > 0, problem.ToString()));
        }
    }

    [Theory]
    [InlineData("{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{")]
    [InlineData("- - - - - - - - - - - - - - - - - - - - - - -")]
    [InlineData("name: !!binary x\n? [a]\n: b")]
    [InlineData("*nothing")]
    [InlineData("%YAML 9.9\n---\nname: x")]
    [InlineData("\0")]
    [InlineData("\t\t:")]
    [InlineData("name: \ud800")]
    public void Odd_text_is_refused_with_a_place(string text)
    {
        var parsed = FlowYaml.Parse(text, "odd.yaml");

        Assert.Null(parsed.Flow);
        Assert.NotEmpty(parsed.Problems);
    }

    private static void Damage(List<char> text, Random random)
    {
        var at = random.Next(text.Count);
        switch (random.Next(4))
        {
            case 0:
                text.RemoveAt(at);
                break;
            case 1:
                text.Insert(at, text[at]);
                break;
            case 2:
                text.Insert(at, "{}[]:,&*#?|-\"'%@`!>\n\t \0é🚨"[random.Next(26)]);
                break;
            default:
                text.RemoveRange(at, Math.Min(random.Next(200), text.Count - at));
                break;
        }
    }
}
