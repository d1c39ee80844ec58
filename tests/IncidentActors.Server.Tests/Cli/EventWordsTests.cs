using System.Text.Json;
using IncidentActors.Cli.Events;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Server.Tests.Cli;

/// <summary>Whoever follows the feed reads a sentence of every event, never the name that programs know it by.</summary>
public sealed class EventWordsTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Events");

    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_event_is_told_in_words(string name)
    {
        using var data = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, $"{name}.json")));
        var one = JsonSerializer.SerializeToElement(
            new { name, actor = ActorId.Atp("AT-1").ToString(), at = DateTimeOffset.UnixEpoch, by = "@dev", data = data.RootElement });
        var words = EventWords.Of(one);
        Assert.DoesNotContain(name, words, StringComparison.Ordinal);
    }
}
