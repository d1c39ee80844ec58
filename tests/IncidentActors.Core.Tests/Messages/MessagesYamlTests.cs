using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Messages;

/// <summary>The file of message types and priorities is checked when it is read.</summary>
public class MessagesYamlTests
{
    private static readonly string Shipped = Read();

    [Theory]
    [InlineData("name: Directive,", "name: Order,", "`Order` is not one of Directive")]
    [InlineData("name: QAApproval,", "name: QARequest,", "`QAApproval` must be listed exactly once")]
    [InlineData("also: [Bug, Defect]", "also: [bug_report]", "`bugreport` names two of them")]
    [InlineData("acknowledge: 5m", "acknowledge: soon", "`soon` is not a duration")]
    [InlineData("answer: true, orders: true, also: [HITL", "answers: true, also: [HITL", "a type has no key `answers`")]
    [InlineData("means: A bug was found., ", "", "a type needs the key `means`")]
    public void What_is_wrong_is_said_with_its_line(string right, string wrong, string said)
    {
        Assert.Equal(Enum.GetValues<MessageType>().Length, MessagesYaml.Parse(Shipped, "messages.yaml").Types.Length);
        Assert.Contains(right, Shipped, StringComparison.Ordinal);
        var problems = Assert.Throws<FormatException>(() => MessagesYaml.Parse(Shipped.Replace(right, wrong, StringComparison.Ordinal), "messages.yaml"));
        Assert.Matches(@"^messages\.yaml:\d+:\d+", problems.Message);
        Assert.Contains(said, problems.Message, StringComparison.Ordinal);
    }

    private static string Read()
    {
        using var text = new StreamReader(typeof(MessagesYaml).Assembly.GetManifestResourceStream("IncidentActors.Core.Messages.messages.yaml")!);
        return text.ReadToEnd();
    }
}
