using System.Text.RegularExpressions;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Tests;

/// <summary>The store's contract is whole: no member has a default, a decorator passes every one on, and no code asks a store what it can.</summary>
public sealed class ContractTests
{
    private static readonly Type[] Parts = [typeof(IStore), .. typeof(IStore).GetInterfaces()];

    [Fact]
    public void Every_member_is_mandatory() =>
        Assert.Empty(Parts.SelectMany(part => part.GetMethods()).Where(method => !method.IsAbstract).Select(method => method.Name));

    [Fact]
    public void A_decorator_may_override_every_member()
    {
        var fixedOnes = Parts.SelectMany(part => typeof(DelegatingStore).GetInterfaceMap(part).TargetMethods)
            .Where(method => !method.IsVirtual || method.IsFinal || !method.IsPublic)
            .Select(method => method.Name);
        Assert.Empty(fixedOnes);
    }

    [Fact]
    public void No_source_asks_a_store_what_it_can()
    {
        var names = string.Join('|', Parts.Select(part => part.Name).Where(name => name != nameof(IAsyncDisposable)));
        var asking = new Regex($@"\b(is|is not|as|case)\s+({names})\b|\(({names})\)\s*[\w(]");
        var found = Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(path => File.ReadLines(path).Where(line => asking.IsMatch(line)).Select(line => $"{path}: {line.Trim()}"));
        Assert.Empty(found);
    }
}
