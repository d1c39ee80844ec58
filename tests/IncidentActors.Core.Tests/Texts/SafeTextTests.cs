using System.Text;
using IncidentActors.Core.Texts;

namespace IncidentActors.Core.Tests.Texts;

/// <summary>Text of outside origin stays on its line and shows what it hides.</summary>
public sealed class SafeTextTests
{
    [Theory]
    [InlineData("Disk full", "Disk full")]
    [InlineData("Disk full\nHALT x", @"Disk full\nHALT x")]
    [InlineData("a\r\nb\rc\td", @"a\nb\nc\td")]
    [InlineData("a\u2028b\u2029c\u0085d\u000Be", @"a\u2028b\u2029c\u0085d\u000Be")]
    [InlineData("\u202Eevil\u2066\u200F\u061C", @"\u202Eevil\u2066\u200F\u061C")]
    [InlineData("\u001B[31mred\u0007\0", @"\u001B[31mred\u0007\u0000")]
    [InlineData("zero\u200Bwidth\uFEFF", @"zero\u200Bwidth\uFEFF")]
    [InlineData("tag\U000E0041", @"tag\U000E0041")]
    [InlineData("👩‍🚒 über 🇨🇭 ❤️ نمایش‌", "👩‍🚒 über 🇨🇭 ❤️ نمایش‌")]
    [InlineData(@"C:\new", @"C:\new")]
    public void One_line_shows_hidden_characters_as_escapes(string text, string written) => Assert.Equal(written, SafeText.OneLine(text));

    [Fact]
    public void Half_a_surrogate_pair_is_an_escape() => Assert.Equal(@"a\uD83Db", SafeText.OneLine("a\uD83Db"));

    [Fact]
    public void A_long_text_is_cut_at_a_whole_character()
    {
        Assert.Equal(300, SafeText.OneLine(new string('x', 4000)).Length);
        Assert.Equal("abc…", SafeText.OneLine("abcdef", 4));
        Assert.Equal("ab…", SafeText.OneLine("ab👩‍🚒cd", 5));
    }

    [Theory]
    [InlineData("a \"b\" c", @"""a \""b\"" c""")]
    [InlineData(@"ends with \", @"""ends with \\""")]
    [InlineData("two\nlines", @"""two\nlines""")]
    public void A_quotation_cannot_be_ended_by_its_text(string text, string written) => Assert.Equal(written, SafeText.Quoted(text));

    [Fact]
    public void Every_line_of_a_block_is_marked() =>
        Assert.Equal("> one\n> \n> HALT \\u202Ex\ty", SafeText.Block("one\r\n\nHALT \u202Ex\ty"));

    /// <summary>No character of any text begins a line or is hidden in an output.</summary>
    [Fact]
    public void Nothing_hidden_is_left_of_any_character()
    {
        foreach (var runes in Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Chunk(0x1000))
        {
            var text = string.Concat(runes.Select(value => new Rune(value).ToString()));
            foreach (var written in new[] { SafeText.OneLine(text, int.MaxValue), SafeText.Quoted(text, int.MaxValue) })
                Assert.DoesNotContain(written.EnumerateRunes(), left => left.Value is '\n' or '\r' or '\t' || SafeText.IsHidden(left));
        }
    }
}
