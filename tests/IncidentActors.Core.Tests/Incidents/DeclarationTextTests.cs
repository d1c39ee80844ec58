using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Routes;

namespace IncidentActors.Core.Tests.Incidents;

public class DeclarationTextTests
{
    [Theory]
    [InlineData("@DEV /emergency - P0: Payment gateway returning 500 errors", "@dev", Severity.Sev1, "Payment gateway returning 500 errors", null)]
    [InlineData(
        "@DEV /emergency - P0: Database connection pool exhausted, all requests timing out",
        "@dev",
        Severity.Sev1,
        "Database connection pool exhausted, all requests timing out",
        null)]
    [InlineData(
        "@SECA /emergency - P0: SQL injection vulnerability actively exploited",
        "@seca",
        Severity.Sev1,
        "SQL injection vulnerability actively exploited",
        IncidentCategory.Security)]
    [InlineData(
        "@DEV /emergency - P1: API response time increased from 200ms to 5s",
        "@dev",
        Severity.Sev2,
        "API response time increased from 200ms to 5s",
        null)]
    public void The_examples_of_seed_002_are_read(string text, string handle, Severity severity, string title, IncidentCategory? category)
    {
        var declare = Read(text);

        Assert.Equal((handle, severity, title), (declare.Directed, declare.Severity, declare.Title));
        Assert.Equal(category ?? IncidentCategory.Availability, Spoken(declare) ?? IncidentCategory.Availability);
        Assert.Equal(("command", "critical-response"), (declare.Source, declare.Flow));
    }

    [Theory]
    [InlineData("@owen /emergency - [P2] Login is slow", Severity.Sev3)]
    [InlineData("@owen /emergency SEV-1: down", Severity.Sev1)]
    [InlineData("@owen /emergency – sev1 down", Severity.Sev1)]
    [InlineData("@owen /emergency - severity 2 - half down", Severity.Sev2)]
    [InlineData("  @owen   /incident — critical: down", Severity.Sev1)]
    [InlineData("@owen /emergency: P3, typo", Severity.Sev4)]
    public void Every_scale_and_every_dash_will_do(string text, Severity severity) => Assert.Equal(severity, Read(text).Severity);

    [Fact]
    public void The_command_emergency_runs_the_nine_steps()
    {
        Assert.Equal("critical-response", Read("@DEV /emergency - P0: Payment gateway returning 500 errors").Flow);
        Assert.Null(Read("@DEV /incident - P1: slow").Flow);
    }

    [Fact]
    public void A_flow_may_be_named_and_further_lines_describe()
    {
        var declare = Read("@dev /critical-response - P0: Checkout is down\nSince 14:23.\nDeploy 4711.");

        Assert.Equal(("critical-response", "Checkout is down", "Since 14:23.\nDeploy 4711."), (declare.Flow, declare.Title, declare.Description));
    }

    [Theory]
    [InlineData("", "begins with a handle")]
    [InlineData(null, "begins with a handle")]
    [InlineData("Payment gateway is down", "begins with a handle")]
    [InlineData("@ /emergency - P0: x", "begins with a handle")]
    [InlineData("@dev", "comes a command")]
    [InlineData("@dev emergency - P0: x", "comes a command")]
    [InlineData("@dev : P0: payments down", "comes a command")]
    [InlineData("@dev , P0: payments down", "comes a command")]
    [InlineData("@dev /deploy - P0: x", "declares no incident")]
    [InlineData("@dev /standard - P0: x", "declares no incident")]
    [InlineData("@dev /emergency", "comes a severity")]
    [InlineData("@dev /emergency - Payment gateway is down", "comes a severity")]
    [InlineData("@dev /emergency - P7: x", "comes a severity")]
    [InlineData("@dev /emergency - P0:", "does not say what is broken")]
    public void Anything_else_is_refused_with_the_form(string? text, string says)
    {
        var rejected = DeclarationText.Read(text, FlowSet.Shipped, out var declare)!;

        Assert.Null(declare);
        Assert.Equal((Rules.ArgumentMalformed, RejectionKind.Malformed), (rejected.Rule, rejected.Kind));
        Assert.Contains(says, rejected.Sentence, StringComparison.Ordinal);
        Assert.Contains("@DEV /emergency - P0", rejected.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Customer records deleted", IncidentCategory.Data)]
    [InlineData("Data loss after failover", IncidentCategory.Data)]
    [InlineData("Stripe charges twice", IncidentCategory.Financial)]
    [InlineData("GDPR export leaks nothing but is late", IncidentCategory.Compliance)]
    [InlineData("Dataset page is slow", null)]
    public void Words_speak_of_a_category(string title, IncidentCategory? category) => Assert.Equal(category, Spoken(Read($"@dev /emergency - P0: {title}")));

    private static IncidentCategory? Spoken(DeclareIncident declare) => RouteSet.Shipped.Of(Signal.Of(declare, [])).Single().Set.Category;

    private static DeclareIncident Read(string text)
    {
        Assert.Null(DeclarationText.Read(text, FlowSet.Shipped, out var declare));
        return declare!;
    }
}
