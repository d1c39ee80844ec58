using System.Reflection;
using System.Text.RegularExpressions;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace IncidentActors.Orleans.Tests.Skipped;

/// <summary>Stands for every test of the cluster engine where it is not part of the build: each counts as skipped, with the reason.</summary>
public sealed class SkippedTests
{
    [EachSkipped]
    public void Needs_the_Orleans_engine()
    {
    }
}

[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("IncidentActors.Orleans.Tests.Skipped.EachSkippedDiscoverer", "IncidentActors.Orleans.Tests")]
public sealed class EachSkippedAttribute : FactAttribute;

/// <summary>Finds the tests in their sources, which are embedded where they do not compile; a suite's tests count for each class that binds it.</summary>
public sealed partial class EachSkippedDiscoverer(IMessageSink sink) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo fact)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var reason = assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "OrleansEngine").Value!;
        var sources = assembly.GetManifestResourceNames().ToDictionary(name => name, name => Source(assembly, name));
        foreach (var (name, source) in sources.Where(pair => pair.Key.EndsWith("Tests", StringComparison.Ordinal)))
        {
            var tests = Fact().Matches(source).Select(match => match.Groups[1].Value);
            var suite = Suite().Match(source);
            if (suite.Success) tests = tests.Concat(Fact().Matches(sources[suite.Groups[1].Value]).Select(match => match.Groups[1].Value));
            foreach (var test in tests) yield return new SkippedCase(sink, options, method, $"{name}.{test}", reason);
        }
    }

    private static string Source(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"\[\w*Fact[^\]]*\]\s+public\s+(?:async\s+)?\w+\s+(\w+)\(")]
    private static partial Regex Fact();

    [GeneratedRegex(@"class \w+ : (\w+Suite)")]
    private static partial Regex Suite();
}

public sealed class SkippedCase : XunitTestCase
{
    private string name = "";
    private string reason = "";

    [Obsolete("Called by the de-serializer only.")]
    public SkippedCase()
    {
    }

    public SkippedCase(IMessageSink sink, ITestFrameworkDiscoveryOptions options, ITestMethod method, string name, string reason)
        : base(sink, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method)
    {
        this.name = name;
        this.reason = reason;
    }

    public override void Serialize(IXunitSerializationInfo data)
    {
        base.Serialize(data);
        data.AddValue(nameof(name), name);
        data.AddValue(nameof(reason), reason);
    }

    public override void Deserialize(IXunitSerializationInfo data)
    {
        base.Deserialize(data);
        name = data.GetValue<string>(nameof(name));
        reason = data.GetValue<string>(nameof(reason));
    }

    protected override string GetDisplayName(IAttributeInfo factAttribute, string displayName) => name;

    protected override string GetUniqueID() => $"{base.GetUniqueID()}{name}";

    public override Task<RunSummary> RunAsync(
        IMessageSink diagnostics, IMessageBus bus, object[] arguments, ExceptionAggregator aggregator, CancellationTokenSource cancel) =>
        new XunitTestCaseRunner(this, name, reason, arguments, TestMethodArguments, bus, aggregator, cancel).RunAsync();
}
